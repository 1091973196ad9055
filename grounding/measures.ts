/** The measures that tables name in their headers, and whether a text binds a number to one of them. */
import type { EvidenceEntry, TableEvidence } from "./evidence.ts";
import type { LabelKey } from "./label-set.ts";
import type { Span } from "./span.ts";
import { numericCell } from "./table-columns.ts";

/** Lower-case phrase ("open tickets") to the measures that it names. */
export type Measures = ReadonlyMap<string, readonly LabelKey[]>;

const BINDS = /^[\s*_]*(?:[:=–—|]|of|is|was|at|are)?[\s*_]*$/i;

const MEASURE_COLUMN = "#measure";

/** Whether a label set's column speaks of the measure, not of the thing measured. */
export function isMeasureColumn(column: string): boolean {
  return column.endsWith(MEASURE_COLUMN);
}

export function buildMeasures(entries: readonly EvidenceEntry[]): Measures {
  const measures = new Map<string, LabelKey[]>();
  for (const { id, evidence } of entries) {
    if (evidence.kind !== "table") continue;
    for (const index of evidence.columns.keys()) {
      const phrase = words(evidence.columns[index]?.name ?? "").join(" ");
      const key = measureKey(id, evidence, index);
      const numeric = evidence.rows.some((row) => numericCell(row[index]) !== null);
      if (phrase !== "" && numeric) measures.set(phrase, [...(measures.get(phrase) ?? []), key]);
    }
  }
  return measures;
}

/** Columns whose names share a word ("mrr", "mrr_at_risk") count as one measure: prose does not keep them apart. */
export function measureKey(id: string, table: TableEvidence, index: number): LabelKey {
  const names = table.columns.map(({ name }) => words(name));
  const group = new Set([index]);
  for (const member of group) {
    for (const [other, name] of names.entries()) {
      if (names[member]?.some((word) => name.includes(word))) group.add(other);
    }
  }
  return { column: `${id}${MEASURE_COLUMN}`, label: String(Math.min(...group)) };
}

/** The measures directly before ("MRR of 5", "MRR: 5") or after ("5 open tickets") the number. */
export function boundMeasures(text: string, number: Span, measures: Measures): LabelKey[] {
  const lower = text.toLowerCase();
  const keys: LabelKey[] = [];
  for (const [phrase, named] of measures) {
    const at = lower.lastIndexOf(phrase, number.start - 1);
    const before =
      at >= 0 &&
      number.start > at + phrase.length &&
      BINDS.test(lower.slice(at + phrase.length, number.start));
    const after = /^[\s*_]*/.exec(lower.slice(number.end))?.[0].length ?? 0;
    if (before || (after > 0 && standsAt(lower, phrase, number.end + after))) keys.push(...named);
  }
  return keys;
}

function standsAt(text: string, phrase: string, at: number): boolean {
  return text.startsWith(phrase, at) && !/[\p{L}\p{N}_]/u.test(text[at + phrase.length] ?? " ");
}

/** The measures that a header cell names. */
export function namedMeasures(header: string, measures: Measures): LabelKey[] {
  return measures.get(words(header).join(" "))?.slice() ?? [];
}

function words(name: string): string[] {
  return name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []; // prettier-ignore
}
