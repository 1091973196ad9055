/** The names of things in the evidence (customers, regions, months) and where a text mentions them. */
import { dateAliases } from "./date-aliases.ts";
import type { EvidenceEntry } from "./evidence.ts";
import type { LabelKey } from "./label-set.ts";
import type { Span } from "./span.ts";
import { keyColumns, labelCell } from "./table-columns.ts";

/** Lower-case name to the labels that it may stand for. */
export type Vocabulary = ReadonlyMap<string, readonly LabelKey[]>;

export interface LabelMention extends Span {
  keys: readonly LabelKey[];
}

export function buildVocabulary(entries: readonly EvidenceEntry[]): Vocabulary {
  const vocabulary = new Map<string, LabelKey[]>();
  for (const { id, evidence } of entries) {
    if (evidence.kind !== "table") continue;
    for (const index of keyColumns(evidence)) {
      const labels = new Set(evidence.rows.map((row) => labelCell(row[index])));
      for (const label of labels)
        if (label !== null) addLabel(vocabulary, { column: `${id}#${index}`, label });
    }
  }
  return vocabulary;
}

function addLabel(vocabulary: Map<string, LabelKey[]>, key: LabelKey): void {
  for (const alias of new Set(dateAliases(key.label))) {
    const name = alias.toLowerCase();
    vocabulary.set(name, [...(vocabulary.get(name) ?? []), key]);
  }
}

/** Mentions as whole words in order of position; of two that overlap the longer one counts. */
export function findLabels(text: string, vocabulary: Vocabulary): LabelMention[] {
  const lower = text.toLowerCase();
  const found: LabelMention[] = [];
  for (const [name, keys] of vocabulary) {
    for (let at = lower.indexOf(name); at >= 0; at = lower.indexOf(name, at + 1)) {
      const end = at + name.length;
      if (isWholeWord(lower, at, end)) found.push({ start: at, end, keys });
    }
  }
  found.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  const kept: LabelMention[] = [];
  for (const mention of found) {
    if (!kept.some((other) => other.start < mention.end && mention.start < other.end)) kept.push(mention);
  }
  return kept.sort((a, b) => a.start - b.start);
}

function isWholeWord(text: string, start: number, end: number): boolean {
  const word = /[\p{L}\p{N}_]/u;
  return !word.test(text[start - 1] ?? " ") && !word.test(text[end] ?? " ");
}
