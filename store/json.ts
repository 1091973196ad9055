/** JSON as it is stored: text, so that any string of a client survives in either database. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Keys sorted at every level: equal values give equal text, whatever order they were built in. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, part: Json) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Reads back what this program wrote itself, so the caller may name the type. */
export function fromText(text: unknown): unknown {
  return JSON.parse(String(text));
}
