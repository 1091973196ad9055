/** The rows of the report's main table, alike in Markdown and HTML. */
import type { Summary } from "../summarize.ts";
import { decimals, percent, shareText } from "./shares.ts";

export const ROWS: readonly (readonly [string, (summary: Summary) => string])[] = [
  ["cases", (s) => String(s.cases)],
  ["requests that failed", (s) => String(s.failed_requests)],
  ["routing: exactly the right backends or reply", (s) => shareText(s.routing)],
  ["plan: right steps in the right order", (s) => shareText(s.plan)],
  ["plan, several backends alone", (s) => shareText(s.plan_of_several)],
  ["node F1 / edge F1, several backends", (s) => `${decimals(s.node_f1)} / ${decimals(s.edge_f1)}`],
  ["steps: as many questions as needed", (s) => shareText(s.step_count)],
  ["sub-questions with the key terms of their part", (s) => shareText(s.terms)],
  ["trajectory: the right groups side by side, in order", (s) => shareText(s.trajectory)],
  ["calls of one group under way at once", (s) => shareText(s.overlapping)],
  ["numbers: every value equals SQL", (s) => shareText(s.numbers)],
  ["single values and names", (s) => shareText(s.values)],
  ["expected words", (s) => shareText(s.contains)],
  ["grounding: no number that the evidence does not confirm", (s) => shareText(s.grounding)],
  ["citations valid", (s) => shareText(s.citations)],
  ["statements with a citation", (s) => (s.citation_coverage === null ? "-" : percent(s.citation_coverage))],
  ["asks back: precision", (s) => shareText(s.clarify.precision)],
  ["asks back: recall", (s) => shareText(s.clarify.recall)],
  ["declines: precision", (s) => shareText(s.refuse.precision)],
  ["declines: recall", (s) => shareText(s.refuse.recall)],
  ["within budget", (s) => shareText(s.within_budget)],
  ["calls of backends, repeats, calls of models, tokens; per question", (s) => [s.spent.calls, s.spent.retries, s.spent.model_calls, s.spent.tokens].map((v) => decimals(v, 2)).join(" / ")],
  ["dollars per question", (s) => decimals(s.spent.usd, 4)],
  ["area under the risk-coverage curve (0 is best)", (s) => decimals(s.aurc)],
  ["latency p50 / p95 / max, ms", (s) => [s.latency_ms.p50, s.latency_ms.p95, s.latency_ms.max].map((v) => (v === null ? "-" : Math.round(v))).join(" / ")],
]; // prettier-ignore
