/** The values that evidence holds, each with what it is about. */
import { contradictedValues } from "./contradicted.ts";
import type { Cell, EvidenceEntry, TableEvidence } from "./evidence.ts";
import { extractNumbers } from "./extract-numbers.ts";
import { labelSet, type LabelKey, type LabelSet } from "./label-set.ts";
import { measureKey } from "./measures.ts";
import { numberWords } from "./number-words.ts";
import { placeNumbers } from "./place-numbers.ts";
import { keyColumns, labelCell, numericCell } from "./table-columns.ts";
import type { Terms } from "./terms.ts";

export interface Fact {
  /** Evidence id. */
  evidence: string;
  value: number;
  labels: LabelSet;
  /** What prose says it counts; null for cells, and where the text does not say. */
  unit: string | null;
}

export function collectFacts(entries: readonly EvidenceEntry[], terms: Terms): Fact[] {
  const cells = entries.flatMap(({ id, evidence }) =>
    evidence.kind === "table" ? tableFacts(id, evidence, terms) : [],
  );
  const told = entries.flatMap((entry) => {
    if (entry.evidence.kind === "table") return [];
    const wrong = contradictedValues(entry, entries, cells, terms);
    return textFacts(entry.id, entry.evidence.text, terms).filter(({ value }) => !wrong.has(value));
  });
  return [...cells, ...told];
}

function tableFacts(id: string, table: TableEvidence, terms: Terms): Fact[] {
  const keys = keyColumns(table);
  const measures = table.columns.map((_, index) => measureKey(id, table, index));
  const cells = table.rows.flatMap((row) => {
    const about = keys.flatMap((index): LabelKey[] => {
      const label = labelCell(row[index]);
      return label === null ? [] : [{ column: `${id}#${index}`, label }];
    });
    return row.flatMap((cell, index) => {
      const measure = measures[index];
      const labels = labelSet(measure ? [...about, measure] : about);
      return cellValues(cell).map((value): Fact => ({ evidence: id, value, labels, unit: null }));
    });
  });
  return [...textFacts(id, table.title, terms), ...cells];
}

function cellValues(cell: Cell): number[] {
  const value = numericCell(cell);
  if (value !== null) return [value];
  return typeof cell === "string" ? extractNumbers(cell).map((mention) => mention.value) : [];
}

/** Numbers in words count without a unit: "thirty days" supports "30 days". */
function textFacts(id: string, text: string, terms: Terms): Fact[] {
  const digits = placeNumbers(text, terms).map(({ value, labels, unit }) => ({ value, labels, unit }));
  const words = numberWords(text).map(({ value }) => ({ value, labels: labelSet([]), unit: null }));
  return [...digits, ...words].map((fact): Fact => ({ evidence: id, ...fact }));
}
