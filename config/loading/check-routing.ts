/** Operator rules name enabled backends, and every regular expression compiles. */
import { closestName } from "./closest-name.ts";
import type { Check } from "./check.ts";
import type { Draft } from "./draft.ts";

export const checkRouting: Check = (draft) => [
  ...draft.rules.flatMap((rule) =>
    checkPattern(rule.pattern, rule.flags, ["routing", "rules", rule.index, "pattern"]),
  ),
  ...draft.rules.flatMap((rule) =>
    rule.backends.flatMap((name, i) =>
      checkName(draft, name, ["routing", "rules", rule.index, "backends", i]),
    ),
  ),
  ...draft.redact.flatMap((pattern, i) => checkPattern(pattern, "g", ["tracing", "redact", i])),
];

function checkName({ named }: Draft, name: string, path: (string | number)[]): ReturnType<Check> {
  const backend = named.find((each) => each.name === name);
  if (backend?.enabled) return [];
  const enabled = named.filter((each) => each.enabled).map((each) => each.name);
  const expected = `an enabled backend: ${enabled.join(", ") || "there is none"}`;
  if (backend !== undefined) {
    const fix = `enable "${name}" or take it out of the rule`;
    return [{ path, found: `the disabled backend "${name}"`, expected, fix }];
  }
  const near = closestName(name, enabled);
  const fix = near === null ? "name a backend of the list `backends`" : `did you mean \`${near}\`?`;
  return [{ path, found: `the unknown backend "${name}"`, expected, fix }];
}

function checkPattern(pattern: string, flags: string, path: (string | number)[]): ReturnType<Check> {
  try {
    void new RegExp(pattern, flags);
    return [];
  } catch (error) {
    const found = error instanceof Error ? error.message : JSON.stringify(pattern);
    return [
      {
        path,
        found,
        expected: "a regular expression of JavaScript",
        fix: "mend it; escape special signs with a backslash",
      },
    ];
  }
}
