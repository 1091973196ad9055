/** Gives a problem its place: file and line of a path, or of the nearest mapping that holds it. */
import type { Problem } from "../config-error.ts";
import { pathText } from "./config-path.ts";
import type { Source } from "./yaml-source.ts";

export type Finding = Pick<Problem, "found" | "expected" | "fix">;

export function problemAt(source: Source, path: readonly PropertyKey[], finding: Finding): Problem {
  for (let length = path.length; length > 0; length--) {
    const origin = source.origins.get(pathText(path.slice(0, length)));
    if (origin !== undefined)
      return { file: origin.file, line: origin.line, path: pathText(path), ...finding };
  }
  const [first] = source.origins.values();
  return { file: first?.file ?? "configuration", line: null, path: pathText(path), ...finding };
}
