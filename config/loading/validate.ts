/** Holds plain data against the schema; text from variables becomes a number or boolean where one is expected. */
import type { z } from "zod";
import { pathText, valueAt } from "./config-path.ts";
import { BackendConfig, OrchestratorConfig } from "../schema.ts";
import { meantKind } from "./meant-kind.ts";
import type { Source } from "./yaml-source.ts";

export type Issue = z.core.$ZodIssue;

/** `config` is null when there are issues; `data` is what was held against the schema. */
export interface Validated {
  config: OrchestratorConfig | null;
  issues: Issue[];
  data: unknown;
}

export function validate(source: Source): Validated {
  const first = OrchestratorConfig.safeParse(source.data);
  if (first.success) return { config: first.data, issues: [], data: source.data };
  const data = convert(source, unfolded(first.error, source.data));
  const second = OrchestratorConfig.safeParse(data);
  return { config: second.data ?? null, issues: unfolded(second.error, data), data };
}

function unfolded(error: z.ZodError | undefined, data: unknown): Issue[] {
  return (error?.issues ?? []).flatMap((issue) => [...unfold(issue), ...besideKind(issue, data)]);
}

/** A backend of an unknown kind is held against the kind that was meant as well. */
function besideKind(issue: Issue, data: unknown): Issue[] {
  const path = issue.path.slice(0, -1);
  const entry = valueAt(data, path);
  if (issue.code !== "invalid_union" || issue.path.at(-1) !== "kind" || !isObject(entry)) return [];
  const { error } = BackendConfig.safeParse({ ...entry, kind: meantKind(entry) });
  return (error?.issues ?? []).flatMap(unfold).map((each) => ({ ...each, path: [...path, ...each.path] }));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is said of a mapping as a whole: keys that it may not have, and how its keys go together. */
const OF_MAPPINGS: ReadonlySet<Issue["code"]> = new Set(["unrecognized_keys", "custom"]);

/** A union's issue becomes those of its mapping alternative when a mapping was meant. */
function unfold(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.find(
    (branch) =>
      branch.length > 0 && branch.every((each) => each.path.length > 0 || OF_MAPPINGS.has(each.code)),
  );
  if (meant === undefined) return [issue];
  return meant.flatMap(unfold).map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
}

/** Only what was written as a variable is converted: a quoted "5" in the file stays text, and an error. */
function convert(source: Source, issues: readonly Issue[]): unknown {
  let data = structuredClone(source.data);
  for (const issue of issues) {
    if (issue.code !== "invalid_type") continue;
    const value = valueAt(data, issue.path);
    if (typeof value !== "string" || !source.origins.get(pathText(issue.path))?.reference) continue;
    const typed = read(value.trim(), issue.expected);
    if (typed !== undefined) data = withValue(data, issue.path, typed);
  }
  return data;
}

function read(text: string, expected: string): number | boolean | undefined {
  if (expected === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  if (expected !== "number" && expected !== "int") return undefined;
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

function withValue(data: unknown, path: readonly PropertyKey[], value: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (Array.isArray(data)) return data.map((item, i) => (i === head ? withValue(item, rest, value) : item));
  if (typeof data !== "object" || data === null) return data;
  return { ...data, [String(head)]: withValue(valueAt(data, [head]), rest, value) };
}
