/** Tells a table's label columns from its numeric ones. */
import type { Cell, TableEvidence } from "./evidence.ts";

const NUMERIC = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/** The cell's number; SQL results carry numbers as text. Null for anything else. */
export function numericCell(cell: Cell | undefined): number | null {
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : null;
  return typeof cell === "string" && NUMERIC.test(cell.trim()) ? Number(cell) : null;
}

/** The cell's label: text with a letter or a date in it. Null for numbers, truth values and empty cells. */
export function labelCell(cell: Cell | undefined): string | null {
  if (typeof cell !== "string" || numericCell(cell) !== null) return null;
  const label = cell.trim();
  return label.length >= 2 && label.length <= 80 && /\p{L}|^\d{4}-\d{2}/u.test(label) ? label : null;
}

/**
 * The columns that tell the rows apart: the first label column whose values are all different, else all
 * label columns with more than one value. Empty for a table of one row.
 */
export function keyColumns(table: TableEvidence): number[] {
  const candidates = table.columns
    .map((_, index) => ({ index, values: table.rows.map((row) => labelCell(row[index])) }))
    .filter(({ values }) => new Set(values).size > 1 && values.some((value) => value !== null));
  const unique = candidates.find(
    ({ values }) => !values.includes(null) && new Set(values).size === values.length,
  );
  return unique ? [unique.index] : candidates.map(({ index }) => index);
}
