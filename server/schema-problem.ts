/** Turns the first problem that a schema found into a `RequestError` that names the field. */
import type { z } from "zod";
import { RequestError } from "./errors.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** `prefix` is where the checked value sits in the body, e.g. `input[3]`. */
export function schemaProblem(error: z.ZodError, value: unknown, prefix = ""): RequestError {
  const { issue, path } = deepest(error.issues[0], []);
  const param = joinPath(prefix, path) || undefined;
  if (valueAt(value, path) === undefined && (isTypeProblem(issue) || issue.code === "invalid_union")) {
    return new RequestError("missing_required_parameter", `Missing required parameter: '${param}'.`, {
      param,
    });
  }
  const code = isTypeProblem(issue) ? "invalid_type" : "invalid_value";
  return new RequestError(code, `Invalid '${param ?? "body"}': ${wording(issue)}.`, { param });
}

/** A union of which no branch takes the value's type; one without branches misses a discriminator's value. */
function isTypeProblem(issue: Issue): boolean {
  return issue.code === "invalid_type" || (issue.code === "invalid_union" && issue.errors.length > 0);
}

function wording(issue: Issue): string {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue.message;
  const expected = issue.errors.flatMap(([first]) =>
    first?.code === "invalid_type" ? [first.expected] : [],
  );
  return `expected ${[...new Set(expected)].join(" or ")}`;
}

/** Follows a union into the branch that came furthest, which is the one that was meant. */
function deepest(issue: Issue | undefined, base: Path): { issue: Issue; path: Path } {
  if (issue === undefined) throw new Error("a failed schema reports at least one issue");
  const path = [...base, ...issue.path];
  if (issue.code !== "invalid_union") return { issue, path };
  const branches = issue.errors
    .filter((branch) => branch.length > 0)
    .map((branch) => deepest(branch[0], path))
    .sort((a, b) => rank(b, path) - rank(a, path));
  const best = branches[0];
  return best === undefined || rank(best, path) === 0 ? { issue, path } : best;
}

/** 0 for a branch that the value's type already ruled out. */
function rank(found: { issue: Issue; path: Path }, base: Path): number {
  const depth = found.path.length - base.length;
  return depth === 0 && found.issue.code === "invalid_type" ? 0 : depth + 1;
}

function joinPath(prefix: string, path: Path): string {
  let joined = prefix;
  for (const key of path) {
    if (typeof key === "number") joined += `[${key}]`;
    else joined += joined === "" ? String(key) : `.${String(key)}`;
  }
  return joined;
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}
