/** Figures in a backend's own words that its own rows contradict: they support nothing, least of all themselves. */
import type { EvidenceEntry } from "./evidence.ts";
import { consistent, type LabelSet } from "./label-set.ts";
import { matchesValue } from "./match-value.ts";
import { isMeasureColumn } from "./measures.ts";
import { placeNumbers } from "./place-numbers.ts";
import type { Terms } from "./terms.ts";

/** A cell as `collectFacts` gives it. */
interface CellFact {
  evidence: string;
  value: number;
  labels: LabelSet;
}

/** Values of `entry`, a text, that stand for a cell of the same backend's tables and equal none of the cells in question. */
export function contradictedValues(
  entry: EvidenceEntry,
  entries: readonly EvidenceEntry[],
  cells: readonly CellFact[],
  terms: Terms,
): ReadonlySet<number> {
  if (entry.evidence.kind === "table" || entry.backend === undefined) return new Set();
  const tables = new Set(
    entries.flatMap(({ id, evidence, backend }) =>
      evidence.kind === "table" && backend === entry.backend ? [id] : [],
    ),
  );
  const own = cells.filter((cell) => tables.has(cell.evidence));
  const wrong = placeNumbers(entry.evidence.text, terms).filter((number) => {
    if (number.exempt) return false;
    const meant = own.filter((cell) => isMeant(number.labels, cell.labels));
    return meant.length > 0 && !own.some((cell) => matchesValue(number, cell.value, number.sentence));
  });
  return new Set(wrong.map(({ value }) => value));
}

/** The same measure, of the same thing or of the only one there is. */
function isMeant(stated: LabelSet, cell: LabelSet): boolean {
  const measured = [...stated.keys()].some((column) => isMeasureColumn(column) && cell.has(column));
  if (!measured || !consistent(stated, cell)) return false;
  const things = [...cell.keys()].filter((column) => !isMeasureColumn(column));
  return things.length === 0 || things.some((column) => stated.has(column));
}
