/** The list that a person reads when the start is refused. */
import { expect, it } from "vitest";
import { formatProblems } from "../../config/format-problems.ts";

it("shows place, found, expected and fix of each problem", () => {
  const problem = {
    file: "a.yaml",
    line: 3,
    path: "budgets.max_steps",
    found: '"a"',
    expected: "a number",
    fix: "write one",
  };
  expect(formatProblems([problem, { ...problem, line: null, path: "" }]))
    .toBe(`The configuration has 2 problems.

a.yaml:3  budgets.max_steps
  found     "a"
  expected  a number
  fix       write one

a.yaml
  found     "a"
  expected  a number
  fix       write one`);
});
