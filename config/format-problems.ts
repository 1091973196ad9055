/** Configuration problems as a list that a person can work through from top to bottom. */
import type { Problem } from "./config-error.ts";

export function formatProblems(problems: readonly Problem[]): string {
  const title = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`The configuration has ${title}.`, ...problems.map(formatProblem)].join("\n\n");
}

function formatProblem(problem: Problem): string {
  const place = problem.line === null ? problem.file : `${problem.file}:${problem.line}`;
  return [
    [place, problem.path].filter((part) => part !== "").join("  "),
    `  found     ${problem.found}`,
    `  expected  ${problem.expected}`,
    `  fix       ${problem.fix}`,
  ].join("\n");
}
