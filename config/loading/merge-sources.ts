/** Lays configuration files over one another: mappings are joined, lists of named entries too, all else is replaced. */
import type { ConfigPath } from "./config-path.ts";
import { pathText } from "./config-path.ts";
import type { Source } from "./yaml-source.ts";

export function mergeSources(sources: readonly Source[]): Source {
  return sources.reduce((below, above) => {
    const moves = new Map<string, string>();
    const data = merge(below.data, above.data, { from: [], to: [] }, moves);
    const moved = [...above.origins].map(([path, origin]) => [movedPath(path, moves), origin] as const);
    return {
      data,
      origins: new Map([...below.origins, ...moved]),
      problems: [
        ...below.problems,
        ...above.problems.map((one) => ({ ...one, path: movedPath(one.path, moves) })),
      ],
    };
  });
}

/** Where a value stands in its own file, and where in the whole. */
interface Place {
  from: ConfigPath;
  to: ConfigPath;
}

function merge(below: unknown, above: unknown, place: Place, moves: Map<string, string>): unknown {
  if (isNamedList(below) && isNamedList(above)) return mergeNamed(below, above, place, moves);
  if (!isMapping(below) || !isMapping(above)) return above;
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above))
    merged[key] = key in below ? merge(below[key], value, inside(place, key, key), moves) : value;
  return merged;
}

/** An entry lies over the one of the same name; a new name comes last. */
function mergeNamed(below: Named[], above: Named[], place: Place, moves: Map<string, string>): Named[] {
  const merged = [...below];
  for (const [index, entry] of above.entries()) {
    const same = below.findIndex(({ name }) => name === entry.name);
    const target = same === -1 ? merged.length : same;
    const at = inside(place, index, target);
    moves.set(pathText(at.from), pathText(at.to));
    merged[target] = same === -1 ? entry : (merge(below[same], entry, at, moves) as Named);
  }
  return merged;
}

function inside({ from, to }: Place, own: string | number, whole: string | number): Place {
  return { from: [...from, own], to: [...to, whole] };
}

/** The longest moved prefix counts: entries of a moved entry move with it. */
function movedPath(path: string, moves: Map<string, string>): string {
  for (let end = path.lastIndexOf("]") + 1; end > 0; end = path.lastIndexOf("]", end - 2) + 1) {
    const to = moves.get(path.slice(0, end));
    if (to !== undefined) return to + path.slice(end);
  }
  return path;
}

type Named = Record<string, unknown> & { name: string };

function isNamedList(value: unknown): value is Named[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((entry) => isMapping(entry) && typeof entry.name === "string")
  );
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
