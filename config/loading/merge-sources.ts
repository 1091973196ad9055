/** Lays configuration files over one another: mappings are joined, everything else is replaced by the later file. */
import type { Source } from "./yaml-source.ts";

export function mergeSources(sources: readonly Source[]): Source {
  return sources.reduce((below, above) => ({
    data: merge(below.data, above.data),
    origins: new Map([...below.origins, ...above.origins]),
    problems: [...below.problems, ...above.problems],
  }));
}

function merge(below: unknown, above: unknown): unknown {
  if (!isMapping(below) || !isMapping(above)) return above;
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above))
    merged[key] = key in below ? merge(below[key], value) : value;
  return merged;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
