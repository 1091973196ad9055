/** Everything that the evidence has names for: things in rows, measures in headers. */
import type { EvidenceEntry } from "./evidence.ts";
import { buildMeasures, type Measures } from "./measures.ts";
import { buildVocabulary, type Vocabulary } from "./vocabulary.ts";

export interface Terms {
  labels: Vocabulary;
  measures: Measures;
}

export function buildTerms(entries: readonly EvidenceEntry[]): Terms {
  return { labels: buildVocabulary(entries), measures: buildMeasures(entries) };
}
