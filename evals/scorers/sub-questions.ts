/** What the plan's steps ask: as many questions as needed, each with the key terms of its part of the question. */
import type { Expectation } from "../case.ts";
import type { ResponseOnWire } from "../wire.ts";

export interface SubQuestionScore {
  /** Neither a question left out nor one put twice. */
  count: boolean;
  /** Every term stands in a question to its backend; null where the case names none. */
  terms: boolean | null;
  /** What was not found, e.g. `churn_model: italy`. */
  missing: string[];
}

/** Null for a case that is to be answered without backends, or was. */
export function scoreSubQuestions(
  expected: Expectation,
  response: ResponseOnWire | null,
): SubQuestionScore | null {
  const plan = response?.custom_outputs.plan ?? null;
  if (expected.kind !== "plan" || plan === null || plan.kind !== "plan") return null;
  const asked = (backend: string): string =>
    plan.steps
      .filter((step) => step.backend === backend)
      .map((step) => step.question.toLowerCase())
      .join(" ");
  const missing = Object.entries(expected.terms ?? {}).flatMap(([backend, terms]) =>
    terms.filter((term) => !asked(backend).includes(term.toLowerCase())).map((term) => `${backend}: ${term}`),
  );
  return {
    count: plan.steps.length === (expected.steps ?? new Set(expected.backends).size),
    terms: expected.terms === undefined ? null : missing.length === 0,
    missing,
  };
}
