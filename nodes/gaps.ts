/** Findings without an answer. Pure. */
import type { Finding } from "./state.ts";

/** Nothing is synthesized when every step is a gap: the run fails. What a person or a budget refused is no failure. */
export function nothingFound(findings: Finding[]): boolean {
  const refused = findings.some(({ error }) => error?.code === "refused" || error?.code === "budget");
  return findings.length > 0 && findings.every(isGap) && !refused;
}

export function isGap(finding: Finding): boolean {
  return finding.status === "failed" || finding.status === "skipped";
}
