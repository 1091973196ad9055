/** Finds values on which two backends disagree: the same measure of the same thing. */
import type { Cell, EvidenceEntry, TableEvidence } from "./evidence.ts";
import { keyColumns, labelCell, numericCell } from "./table-columns.ts";
import type { Conflict } from "./verification.ts";

interface Known {
  evidence: string;
  backend: string;
  measure: string;
  entity: string;
  value: Cell;
}

/** Statements of one backend are never set against each other: they come from different questions. */
export function findConflicts(entries: readonly EvidenceEntry[]): Conflict[] {
  const groups = new Map<string, Known[]>();
  for (const entry of entries) {
    if (entry.evidence.kind !== "table") continue;
    for (const known of valuesOf(entry, entry.evidence)) {
      const key = `${normalise(known.measure)}\n${known.entity.toLowerCase()}`;
      groups.set(key, [...(groups.get(key) ?? []), known]);
    }
  }
  return [...groups.values()].flatMap((group) => conflictIn(group));
}

function conflictIn(group: Known[]): Conflict[] {
  const [first] = group;
  const other = group.find((known) => known.backend !== first?.backend && differs(first?.value, known.value));
  if (!first || !other) return [];
  const firstOfEach = group.filter((known, i) => group.findIndex((k) => k.backend === known.backend) === i);
  const values = firstOfEach.map(({ evidence, backend, value }) => ({ evidence, backend, value }));
  return [{ measure: first.measure, entity: first.entity, values }];
}

function valuesOf(entry: EvidenceEntry, table: TableEvidence): Known[] {
  const keys = new Set(entityColumns(table));
  return table.rows.flatMap((row) => {
    const entity = [...keys].map((index) => labelCell(row[index])).filter((label) => label !== null).join(" / "); // prettier-ignore
    if (entity === "") return [];
    return table.columns.flatMap(({ name }, index) => {
      const value = row[index];
      if (keys.has(index) || value === undefined || value === null || value === "") return [];
      return [{ evidence: entry.id, backend: entry.backend ?? entry.id, measure: name, entity, value }];
    });
  });
}

/** One row has nothing that tells rows apart: its first label names it. */
function entityColumns(table: TableEvidence): number[] {
  const keys = keyColumns(table);
  if (keys.length > 0) return keys;
  const first = table.columns.findIndex((_, index) => labelCell(table.rows[0]?.[index]) !== null);
  return first >= 0 ? [first] : [];
}

/** Numbers differ beyond the coarser one's rounding; texts differ beyond case. */
function differs(a: Cell | undefined, b: Cell): boolean {
  const [x, y] = [numericCell(a), numericCell(b)];
  if (x === null || y === null) return String(a).trim().toLowerCase() !== String(b).trim().toLowerCase();
  const step = Math.max(stepOf(x), stepOf(y));
  return Math.abs(x - y) > step / 2 + Math.abs(x) * 1e-9;
}

function stepOf(value: number): number {
  const decimals = String(value).split(".")[1]?.length ?? 0;
  return 10 ** -decimals;
}

function normalise(measure: string): string {
  return measure
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
