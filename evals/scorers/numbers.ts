/** Whether the answer states the true values: each number with its own name, at the decimals that the answer states. */
import type { EvidenceEntry, TableEvidence } from "../../grounding/evidence.ts";
import { consistent, labelSet, type LabelSet } from "../../grounding/label-set.ts";
import { isMeasureColumn } from "../../grounding/measures.ts";
import { matchesValue } from "../../grounding/match-value.ts";
import { placeNumbers } from "../../grounding/place-numbers.ts";
import { keyColumns, labelCell, numericCell } from "../../grounding/table-columns.ts";
import { buildTerms } from "../../grounding/terms.ts";
import type { Truth } from "../truth.ts";

const TRUTH = "truth";

export interface NumberScore {
  /** Every value and every name stands in the answer. */
  correct: boolean;
  values: number;
  found: number;
  /** What was not found, e.g. `mrr_by_region: EMEA 4821000.5`. */
  missing: string[];
}

export function scoreNumbers(text: string, truths: readonly Truth[]): NumberScore {
  const parts = truths.map((truth) => scoreTruth(text, truth));
  const missing = parts.flatMap((part) => part.missing);
  const values = parts.reduce((sum, part) => sum + part.values, 0);
  return { correct: missing.length === 0, values, found: values - missing.length, missing };
}

function scoreTruth(text: string, { name, table }: Truth): { values: number; missing: string[] } {
  const entry: EvidenceEntry = { id: TRUTH, evidence: table };
  const terms = buildTerms([entry]);
  const stated = placeNumbers(text, terms).filter((number) => !number.exempt);
  const facts = valuesOf(table);
  const lost = facts.filter((fact) => !stated.some((n) => states(n, fact)));
  const names = namesOf(table);
  const unnamed = names.filter((label) => !text.toLowerCase().includes(label.toLowerCase()));
  return {
    values: facts.length + names.length,
    missing: [
      ...lost.map((fact) => `${name}: ${labelsOf(fact)} ${fact.value}`),
      ...unnamed.map((label) => `${name}: ${label}`),
    ],
  };
}

interface Value {
  value: number;
  labels: LabelSet;
}

function valuesOf(table: TableEvidence): Value[] {
  const keys = keyColumns(table);
  return table.rows.flatMap((row) => {
    const named = keys.map((index) => ({ column: `${TRUTH}#${index}`, label: labelCell(row[index]) ?? "" }));
    const numbers = row.map(numericCell).filter((value) => value !== null);
    return numbers.map((value) => ({ value, labels: labelSet(named) }));
  });
}

/** Columns are not compared: the answer may call a measure by another name. */
function states(number: ReturnType<typeof placeNumbers>[number], fact: Value): boolean {
  const named = [...number.labels].filter(([column]) => !isMeasureColumn(column));
  return consistent(new Map(named), fact.labels) && matchesValue(number, fact.value, number.sentence);
}

/** Dates are named in many ways; their numbers are matched with them. */
function namesOf(table: TableEvidence): string[] {
  const cells = table.rows.flatMap((row) => row.map((cell) => labelCell(cell)));
  return [...new Set(cells.filter((cell) => cell !== null && !/^\d{4}-\d{2}/.test(cell)))].filter(
    (cell) => cell !== null,
  );
}

function labelsOf({ labels }: Value): string {
  return [...labels.values()].flatMap((set) => [...set]).join(" ");
}
