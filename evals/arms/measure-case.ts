/** How good an answer is, alike for every arm: the right sources answered, and the expected values stand in it. */
import type { Case } from "../case.ts";
import type { Outcome } from "../outcome.ts";
import { scoreCase } from "../score-case.ts";
import type { Truth } from "../truth.ts";
import type { Measured } from "./verdict.ts";

/** A question that no backend answers is answered well when none is quoted. */
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
      : outcome.response !== null && answered.size === 0;
  const shape = expect.kind === "plan" ? (expect.shape ?? "single") : "unanswerable";
  return {
    id,
    cluster,
    shape,
    quality: Number(good),
    clean: Number([...answered].every((backend) => expect.backends.includes(backend))),
    calls: calls.length,
    latency_ms: outcome.latency_ms,
  };
}
