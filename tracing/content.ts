/** How much of questions, payloads and answers a span carries: `off`, a preview, or all, always redacted and capped. */
import { context, type Attributes } from "@opentelemetry/api";
import type { TracingConfig } from "../config/schema.ts";
import { createRedact, isSecretName, REDACTED } from "./redact.ts";
import { isUnstored } from "./unstored.ts";

const LIMITS = { off: 0, preview: 500, full: 32_000 } as const;

export type CaptureConfig = Pick<TracingConfig, "capture" | "capture_unstored" | "redact">;

/** Asked where the span's context is active: what is not to be kept carries less. */
export interface Content {
  /** What MLflow shows as a span's inputs and outputs (contracts section 7): JSON text. */
  inputs(value: unknown): Attributes;
  outputs(value: unknown): Attributes;
  /** JSON text, or a single text, under a name of its own. */
  json(name: string, value: unknown): Attributes;
  text(name: string, value: string): Attributes;
}

export function createContent(config: CaptureConfig): Content {
  const redact = createRedact(config.redact);
  const limit = () => LIMITS[isUnstored(context.active()) ? config.capture_unstored : config.capture];
  const json = (name: string, value: unknown, most = limit()): Attributes =>
    most === 0 ? {} : { [name]: JSON.stringify(trimmed(value, most, redact)) };
  return {
    inputs: (value) => json("mlflow.spanInputs", value),
    outputs: (value) => json("mlflow.spanOutputs", value),
    json,
    text: (name, value) => {
      const most = limit();
      return most === 0 ? {} : { [name]: shown(value, most, redact) };
    },
  };
}

const MOST_ITEMS = 50;

/** Every string redacted and cut, so that the result stays valid JSON. */
function trimmed(value: unknown, limit: number, redact: (text: string) => string): unknown {
  if (typeof value === "string") return shown(value, limit, redact);
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => trimmed(item, limit, redact));
  if (typeof value !== "object" || value === null) return value;
  const kept = (key: string, item: unknown) =>
    typeof item === "string" && isSecretName(key) ? REDACTED : trimmed(item, limit, redact);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, kept(key, item)]));
}

/** What is cut off is not looked at; the rest is redacted before its own end is cut. */
function shown(text: string, limit: number, redact: (text: string) => string): string {
  const looked = beginning(text, limit * 2);
  const clean = redact(looked);
  const hidden = text.length - looked.length + Math.max(0, clean.length - limit);
  return hidden === 0 ? clean : `${clean.slice(0, limit)}… (${hidden} more characters)`;
}

/** Half a secret looks like none: the run of characters that secrets are made of goes with the cut. */
function beginning(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = most;
  while (end > 0 && /[\w.~+/=-]/.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
