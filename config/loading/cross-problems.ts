/** What no single value shows: names that clash, rules that lead nowhere, settings that exclude one another. */
import type { Problem } from "../config-error.ts";
import type { Check } from "./check.ts";
import { checkBackends } from "./check-backends.ts";
import { checkModels } from "./check-models.ts";
import { checkRouting } from "./check-routing.ts";
import { checkWorkspace } from "./check-workspace.ts";
import { draftOf } from "./draft.ts";
import { problemAt } from "./problem-at.ts";
import type { Source } from "./yaml-source.ts";

const CHECKS: readonly Check[] = [checkBackends, checkRouting, checkModels, checkWorkspace];

export function crossProblems(source: Source, data: unknown): Problem[] {
  const draft = draftOf(data);
  return CHECKS.flatMap((check) => check(draft)).map(({ path, ...finding }) =>
    problemAt(source, path, finding),
  );
}
