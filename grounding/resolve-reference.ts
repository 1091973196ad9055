/** Looks a derivation's reference up in the evidence: `s1.e1.r2.mrr`, `s1.e1.mrr`, `s1.e1.r1:r3.mrr`, `s1.e1.r2`. */
import type { EvidenceEntry, TableEvidence } from "./evidence.ts";
import { numericCell } from "./table-columns.ts";

/** Values in row order; rows are counted from 1. Null when nothing numeric is meant. */
export function resolveReference(name: string, entries: readonly EvidenceEntry[]): number[] | null {
  const entry = entries
    .filter(({ id }) => name === id || name.startsWith(`${id}.`))
    .sort((a, b) => b.id.length - a.id.length)[0];
  if (entry?.evidence.kind !== "table") return null;
  const [first = "", ...rest] = name.slice(entry.id.length + 1).split(".");
  const rows = rowRange(first, entry.evidence.rows.length);
  const column = rows ? rest.join(".") : [first, ...rest].join(".");
  const index = column === "" ? onlyNumericColumn(entry.evidence) : columnIndex(entry.evidence, column);
  if (index < 0 || name === entry.id) return name === entry.id ? countable(entry.evidence) : null;
  const [from, to] = rows ?? [1, entry.evidence.rows.length];
  const values = entry.evidence.rows.slice(from - 1, to).map((row) => numericCell(row[index]));
  const known = values.filter((value) => value !== null);
  return known.length > 0 && (rows === null || known.length === values.length) ? known : null;
}

function rowRange(part: string, rows: number): [number, number] | null {
  const match = /^r(\d+)(?::r?(\d+))?$/.exec(part);
  if (!match) return null;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from >= 1 && from <= to && to <= rows ? [from, to] : [1, 0];
}

function columnIndex(table: TableEvidence, name: string): number {
  const plain = normalise(name);
  const byName = table.columns.findIndex((column) => normalise(column.name) === plain);
  if (byName >= 0) return byName;
  const position = /^c(\d+)$/.exec(plain);
  return position ? Number(position[1]) - 1 : -1;
}

function onlyNumericColumn(table: TableEvidence): number {
  const numeric = table.columns
    .map((_, index) => index)
    .filter((index) => table.rows.some((row) => numericCell(row[index]) !== null));
  return numeric.length === 1 ? (numeric[0] ?? -1) : -1;
}

/** A table named without a column can only be counted; its single value, where it has just one, also computes. */
function countable(table: TableEvidence): number[] {
  const index = onlyNumericColumn(table);
  return table.rows.map((row) => numericCell(row[index]) ?? 0);
}

function normalise(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_|_$/g, "");
}
