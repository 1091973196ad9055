/** Everything that an answer of this turn may be checked against. Pure. */
import type { Evidence } from "../backends/backend.ts";
import type { EvidenceEntry } from "../grounding/evidence.ts";
import type { EvidenceByHash } from "./sources.ts";
import type { Finding } from "./state.ts";

/** Evidence under its id, and each backend's own words, which the answer may repeat. */
export function evidenceEntries(findings: Finding[], evidence: EvidenceByHash): EvidenceEntry[] {
  return [...kept(findings, evidence), ...said(findings)];
}

function kept(findings: Finding[], evidence: EvidenceByHash): EvidenceEntry[] {
  return findings.flatMap((finding) =>
    finding.evidence.flatMap(({ id, hash }) => {
      const item = evidence.get(hash);
      return item === undefined ? [] : [{ id, evidence: item, backend: finding.backend }];
    }),
  );
}

function said(findings: Finding[]): EvidenceEntry[] {
  return findings
    .filter((finding) => finding.text !== "")
    .map(({ step, backend, text }) => {
      const words: Evidence = { kind: "text", title: `What ${backend} said`, text };
      return { id: `${step}.answer`, evidence: words, backend };
    });
}
