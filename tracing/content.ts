/** How much of questions, payloads and answers a span carries: `off`, a preview, or all, always redacted and capped. */
import type { Attributes } from "@opentelemetry/api";
import type { TracingConfig } from "../config/schema.ts";
import { createRedact } from "./redact.ts";

const LIMITS = { off: 0, preview: 500, full: 32_000 } as const;

/** Attributes that MLflow shows as a span's inputs and outputs (contracts section 7): JSON text. */
export interface Content {
  inputs(value: unknown): Attributes;
  outputs(value: unknown): Attributes;
  /** A single text under a name of its own. */
  text(name: string, value: string): Attributes;
}

export function createContent(config: Pick<TracingConfig, "capture" | "redact">): Content {
  const limit = LIMITS[config.capture];
  if (limit === 0) return NOTHING;
  const redact = createRedact(config.redact);
  const shown = (value: unknown) => JSON.stringify(trimmed(value, limit, redact));
  return {
    inputs: (value) => ({ "mlflow.spanInputs": shown(value) }),
    outputs: (value) => ({ "mlflow.spanOutputs": shown(value) }),
    text: (name, value) => ({ [name]: cut(redact(value.slice(0, limit * 2)), limit) }),
  };
}

export const NOTHING: Content = { inputs: () => ({}), outputs: () => ({}), text: () => ({}) };

const MOST_ITEMS = 50;

/** Every string redacted and cut, so that the result stays valid JSON. */
function trimmed(value: unknown, limit: number, redact: (text: string) => string): unknown {
  if (typeof value === "string") return cut(redact(value.slice(0, limit * 2)), limit);
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => trimmed(item, limit, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, trimmed(item, limit, redact)]));
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length - limit} more characters)`;
}
