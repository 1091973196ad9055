/** What several commands of the evaluations read from their command lines in the same way. Throws `TypeError`. */

/** A model at any OpenAI-compatible server. */
export const MODEL_FLAGS = {
  "model-url": { type: "string" },
  model: { type: "string" },
  "model-key": { type: "string" },
} as const;

export interface NamedModel {
  /** Base URL, `/v1` included where it has one. */
  url: string;
  model: string;
  /** Name of the variable that holds the key; null sends none. */
  keyVariable: string | null;
}

/** Null where neither address nor name is given. */
export function namedModel(
  flags: Partial<Record<keyof typeof MODEL_FLAGS, string | undefined>>,
): NamedModel | null {
  const { "model-url": url, model, "model-key": keyVariable = null } = flags;
  if (url === undefined && model === undefined) return null;
  if (url === undefined || model === undefined) throw new TypeError("--model-url and --model go together.");
  return { url, model, keyVariable };
}

export function positive(name: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new TypeError(`${name} is a whole number above 0, not "${value}".`);
}

export const SINCE_FLAG = { type: "string", default: new Date(0).toISOString() } as const;

/** Epoch milliseconds. */
export function since(value: string): number {
  const time = Date.parse(value);
  if (!Number.isNaN(time)) return time;
  throw new TypeError(`--since is a date such as 2026-09-30, not "${value}".`);
}
