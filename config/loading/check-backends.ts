/** Backend names are unique and free, and at least one backend is enabled. */
import { RESERVED_NAMES } from "../schema.ts";
import type { Check } from "./check.ts";

export const checkBackends: Check = ({ named }) => {
  const problems: ReturnType<Check> = [];
  const first = new Map<string, number>();
  for (const { index, name } of named) {
    const path = ["backends", index, "name"];
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, index);
    else {
      const fix = "give one of them another name";
      problems.push({
        path,
        found: `"${name}", also the name of backends[${earlier}]`,
        expected: "a unique name",
        fix,
      });
    }
    if (RESERVED_NAMES.includes(name)) {
      const expected = "a name that is neither a graph node nor a state key";
      problems.push({
        path,
        found: `the reserved name "${name}"`,
        expected,
        fix: `write for example "${name}_agent"`,
      });
    }
  }
  if (named.length > 0 && named.every((backend) => !backend.enabled)) {
    const found = "no enabled backend";
    problems.push({ path: ["backends"], found, expected: "at least one", fix: "remove an `enabled: false`" });
  }
  return problems;
};
