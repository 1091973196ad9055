/** Whether the answer's citations hold: every marker resolves, every source is used, statements are covered. */
import { checkCitations } from "../../grounding/check-citations.ts";
import type { Outcome } from "../outcome.ts";

export interface CitationScore {
  /** No marker dangles, no address is anything but http(s), and an answer from backends cites at least one source. */
  valid: boolean;
  markers: number;
  dangling: number;
  /** Share of statements that a valid marker covers. */
  coverage: number;
  /** Backends that answered with evidence and are not cited. */
  uncited_backends: string[];
}

/** Null where no backend gave evidence: there is nothing to cite. */
export function scoreCitations({ response, text }: Outcome): CitationScore | null {
  const outputs = response?.custom_outputs;
  const calls =
    outputs?.backend_calls.filter((call) => call.status === "ok" && call.evidence.length > 0) ?? [];
  if (!outputs || calls.length === 0) return null;
  const ids = calls.flatMap((call) => call.evidence.map(({ id }) => id));
  const check = checkCitations(text, outputs.citations, ids);
  const cited = new Set(outputs.citations.map(({ evidence }) => evidence));
  const badAddress = outputs.citations.some(({ url }) => url !== "" && !/^https?:\/\//.test(url));
  return {
    valid: check.dangling.length === 0 && !badAddress && outputs.citations.length > 0,
    markers: outputs.citations.length,
    dangling: check.dangling.length,
    coverage: check.statements === 0 ? 1 : check.covered / check.statements,
    uncited_backends: calls
      .filter((call) => !call.evidence.some(({ id }) => cited.has(id)))
      .map((call) => call.backend),
  };
}
