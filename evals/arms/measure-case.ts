/** How good an answer is, alike for every arm: the right sources answered, and the expected values stand in it. */
import { extractNumbers } from "../../grounding/extract-numbers.ts";
import type { Case } from "../case.ts";
import type { Outcome } from "../outcome.ts";
import { scoreCase } from "../score-case.ts";
import type { Truth } from "../truth.ts";
import type { Measured } from "./verdict.ts";

/** A question that no backend answers is answered well when none is quoted and no figure is told. */
export function measureCase(question: Case, outcome: Outcome, truths: readonly Truth[]): Measured {
  const { expect, id, cluster } = question;
  const calls = outcome.response?.custom_outputs.backend_calls ?? [];
  const answered = new Set(calls.filter(({ status }) => status === "ok").map(({ backend }) => backend));
  const scored = scoreCase(question, outcome, truths);
  const good =
    expect.kind === "plan"
      ? expect.backends.every((backend) => answered.has(backend)) &&
        (scored.numbers?.correct ?? true) &&
        (scored.contains ?? true)
      : outcome.response !== null && answered.size === 0 && !inventsFigures(question, outcome);
  const shape = expect.kind === "plan" ? (expect.shape ?? "single") : "unanswerable";
  return {
    id,
    cluster,
    shape,
    quality: Number(good),
    clean: Number([...answered].every((backend) => expect.backends.includes(backend))),
    calls: calls.length,
    tokens: scored.spent.tokens,
    usd: scored.spent.usd,
    latency_ms: outcome.latency_ms,
  };
}

/** Of a model that answers by itself: with no evidence at all, only numbers of the question may be told. */
function inventsFigures({ input = "" }: Case, { response, text }: Outcome): boolean {
  if (response?.custom_outputs.plan?.decision !== undefined) return false;
  const given = extractNumbers(input).map(({ value }) => value);
  return extractNumbers(text).some(({ value }) => !given.includes(value));
}
