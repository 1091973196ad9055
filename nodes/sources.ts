/** Numbers the evidence of a turn once, so that composer, model and citations mean the same thing by `[n]`. Pure. */
import type { Evidence } from "../backends/backend.ts";
import type { Citation, EvidenceRef, Finding } from "./state.ts";

export interface Source {
  n: number;
  step: string;
  backend: string;
  reference: EvidenceRef;
}

/** One number per distinct piece of evidence, in plan order; the same document found twice keeps one number. */
export function numberSources(findings: Finding[]): Source[] {
  const sources: Source[] = [];
  const seen = new Set<string>();
  for (const finding of findings) {
    for (const reference of finding.evidence) {
      const key = `${finding.backend} ${reference.hash}`;
      if (seen.has(key)) continue;
      seen.add(key);
      sources.push({ n: sources.length + 1, step: finding.step, backend: finding.backend, reference });
    }
  }
  return sources;
}

/** The citations that `text` really uses, with the position of every marker. */
export function citationsIn(text: string, sources: Source[]): Citation[] {
  const spans = new Map<number, { start: number; end: number }[]>();
  for (const match of text.matchAll(/\[(\d{1,3})\](?!\()/g)) {
    const n = Number(match[1]);
    spans.set(n, [...(spans.get(n) ?? []), { start: match.index, end: match.index + match[0].length }]);
  }
  return sources
    .filter((source) => spans.has(source.n))
    .map(({ n, step, backend, reference }) => ({
      n,
      evidence: reference.id,
      step,
      backend,
      title: reference.title,
      url: reference.url ?? "",
      spans: spans.get(n) ?? [],
    }));
}

/** Evidence by hash, read from the store once per turn. */
export type EvidenceByHash = ReadonlyMap<string, Evidence>;

export async function loadEvidence(
  findings: Finding[],
  get: (hash: string) => Promise<unknown>,
): Promise<EvidenceByHash> {
  const hashes = [
    ...new Set(findings.flatMap((finding) => finding.evidence.map((reference) => reference.hash))),
  ];
  const values = await Promise.all(hashes.map(async (hash) => [hash, await get(hash)] as const));
  return new Map(values.filter((entry): entry is readonly [string, Evidence] => entry[1] !== null));
}
