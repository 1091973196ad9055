/** Finds values that someone meant to replace: `<your-space-id>`, `changeme`, `my-genie-space-id`. */
import type { Problem } from "../config-error.ts";
import { pathText } from "./config-path.ts";
import type { ConfigPath } from "./config-path.ts";
import { problemAt } from "./problem-at.ts";
import type { Source } from "./yaml-source.ts";

/** Unmistakable anywhere, in prose too. */
const ANYWHERE = [/<(your|my|the|insert|replace|put)[-_ ][^<>]*>/i, /\b(TODO|FIXME|TBD)\b/];
/** Only as a whole value: these may be words of a description. */
const WHOLE = [
  /^<[^<>]+>$/,
  /^\[[^[\]]+\]$/,
  /^(change|replace|fill)[-_ ]?(me|this|in)$/i,
  /^[x.?*-]{3,}$/i,
  /^(your|my)[-_].*[-_](id|name|url|host|key|token|endpoint|space|app|schema|warehouse)$/i,
  /^https?:\/\/(your|my|example)[-_.]/i,
  /^dapi[x.]*$/i,
];
const PROSE = /(^|\.)(description|not_for|instructions|sql|pattern)$|examples|topics|redact/;

export function placeholderProblems(source: Source): Problem[] {
  return texts(source.data, []).flatMap(({ path, value }) => {
    const patterns = PROSE.test(pathText(path)) ? ANYWHERE : [...ANYWHERE, ...WHOLE];
    const match = patterns.map((pattern) => pattern.exec(value)?.[0]).find((text) => text !== undefined);
    return match === undefined ? [] : [placeholder(source, path, match)];
  });
}

function placeholder(source: Source, path: ConfigPath, match: string): Problem {
  const reference = source.origins.get(pathText(path))?.reference ?? null;
  return problemAt(source, path, {
    found: `the placeholder ${JSON.stringify(match)}${reference === null ? "" : ` from ${reference}`}`,
    expected: "a real value",
    fix:
      reference === null
        ? "replace it, or remove the entry"
        : `set ${reference} to a real value in the environment or in .env`,
  });
}

function texts(data: unknown, path: ConfigPath): { path: ConfigPath; value: string }[] {
  if (typeof data === "string") return [{ path, value: data.trim() }];
  if (Array.isArray(data)) return data.flatMap((item, index) => texts(item, [...path, index]));
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => texts(value, [...path, key]));
}
