/** What the schema found, told as problems: place, found, expected and fix. */
import { closestName } from "./closest-name.ts";
import type { Problem } from "../config-error.ts";
import { pathText, valueAt } from "./config-path.ts";
import { describeSchema } from "../describe-schema.ts";
import { describeValue } from "./describe-value.ts";
import { problemAt } from "./problem-at.ts";
import { BACKEND_NAME } from "../schema.ts";
import { configSchema, keysOf, schemaAt } from "../schema-tree.ts";
import type { SchemaNode } from "../schema-tree.ts";
import type { Issue } from "./validate.ts";
import type { Source } from "./yaml-source.ts";

export function schemaProblems(source: Source, issues: readonly Issue[]): Problem[] {
  if (issues.length === 0) return [];
  const root = configSchema();
  return issues.flatMap((issue) => toProblems(source, root, issue));
}

function toProblems(source: Source, root: SchemaNode, issue: Issue): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysOf(schemaAt(root, issue.path, source.data));
    return issue.keys.map((key) => unknownKey(source, [...issue.path, key], key, known));
  }
  const value = valueAt(source.data, issue.path);
  const reference = source.origins.get(pathText(issue.path))?.reference ?? null;
  const found = describeValue(value, issue.path) + (reference === null ? "" : ` from ${reference}`);
  const expected = expectedBy(issue) ?? describeSchema(schemaAt(root, issue.path, source.data));
  return [problemAt(source, issue.path, { found, expected, fix: fixFor(issue, value, expected) })];
}

/** Null: the schema at the place says it best. */
function expectedBy(issue: Issue): string | null {
  if (issue.code === "custom") return issue.message;
  const kinds = kindsOf(issue);
  return kinds.length > 0 ? `one of ${kinds.join(", ")}` : null;
}

function unknownKey(
  source: Source,
  path: readonly PropertyKey[],
  key: string,
  known: readonly string[],
): Problem {
  const near = closestName(key, known);
  return problemAt(source, path, {
    found: `an unknown key \`${key}\``,
    expected: known.length === 0 ? "no further keys" : `one of ${known.join(", ")}`,
    fix: near === null ? "remove the key" : `did you mean \`${near}\`?`,
  });
}

function fixFor(issue: Issue, value: unknown, expected: string): string {
  const key = String(issue.path.at(-1) ?? "");
  if (value === undefined) return `add \`${key}\``;
  if (value === null) return "write a value or remove the key";
  const options = optionsOf(issue);
  if (options.length > 0 && typeof value === "string") {
    const near = closestName(value, options);
    return near === null ? `write ${expected}` : `did you mean \`${near}\`?`;
  }
  const name = key === "name" && issue.code === "invalid_format" ? asName(value) : null;
  if (name !== null) return `write for example "${name}"`;
  if (issue.code === "invalid_type" && issue.expected === "string") return "put the value in quotes";
  if (issue.code === "custom") return "keep one of the two ways and remove what belongs to the other";
  return `write ${expected}`;
}

/** The words that may stand at the place, also where a mapping may stand there instead. */
function optionsOf(issue: Issue): string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code !== "invalid_union") return [];
  return [...kindsOf(issue), ...issue.errors.flatMap((branch) => branch.flatMap(optionsOf))];
}

function kindsOf(issue: Issue): string[] {
  return issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options)
    ? issue.options.map(String)
    : [];
}

/** What a name for people could be as one for the configuration. */
function asName(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const plain = value.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  const name = plain.replace(/^[^a-z]+|_+$/g, "").slice(0, 41);
  return BACKEND_NAME.test(name) ? name : null;
}
