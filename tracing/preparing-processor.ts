/** Runs before every exporter: says whose a span is, and takes secrets out of what it carries. */
import type { Context } from "@opentelemetry/api";
import type { ReadableSpan, Span, SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { askerOf } from "./asker.ts";
import type { Redact } from "./redact.ts";

/** Clean already, by `createContent`. */
const CLEAN = new Set(["mlflow.spanInputs", "mlflow.spanOutputs", "mlflow.spanType"]);

/** Shorter text holds no secret that could be told apart. */
const SHORTEST = 8;

export function preparingProcessor(redact: Redact): SpanProcessor {
  return {
    onStart(span: Span, parent: Context) {
      const user = askerOf(parent);
      if (user !== undefined) span.setAttribute("user.id", user);
    },
    onEnding(span: Span) {
      for (const [name, value] of Object.entries(span.attributes)) {
        if (CLEAN.has(name)) continue;
        const clean = cleaned(value, redact);
        if (clean !== undefined) span.setAttribute(name, clean);
      }
    },
    onEnd(_span: ReadableSpan) {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** Undefined when nothing changed. */
function cleaned(value: unknown, redact: Redact): string | string[] | undefined {
  if (typeof value === "string") {
    if (value.length < SHORTEST) return undefined;
    const clean = redact(value);
    return clean === value ? undefined : clean;
  }
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((item) => (typeof item === "string" ? redact(item) : String(item)));
  return texts.some((text, at) => text !== value[at]) && value.some((item) => typeof item === "string")
    ? texts
    : undefined;
}
