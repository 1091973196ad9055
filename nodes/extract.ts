/** Typed values for later steps, read from a backend's evidence. Pure. */
import type { Cell, Evidence } from "../backends/backend.ts";
import type { Extract } from "../routing/plan.ts";

type Table = Extract_<Evidence, "table">;
type Extract_<T, K> = T extends { kind: K } ? T : never;

/** Longest single value that travels on. */
const VALUE_LIMIT = 200;

/** Values that were found; a missing name means that nothing fitted. */
export function extractValues(
  wanted: Extract[],
  text: string,
  evidence: Evidence[],
): Record<string, string | number | string[]> {
  const tables = evidence.filter((item): item is Table => item.kind === "table");
  const found: Record<string, string | number | string[]> = {};
  for (const extract of wanted) {
    const value = fromTables(extract, tables) ?? fromText(extract, text);
    if (value !== undefined) found[extract.name] = value;
  }
  return found;
}

function fromTables(extract: Extract, tables: Table[]): string | number | string[] | undefined {
  for (const table of tables) {
    const column = columnFor(extract, table);
    if (column === -1) continue;
    const cells = table.rows.map((row) => row[column] ?? null).filter((cell) => cell !== null);
    if (cells.length === 0) continue;
    return typed(extract, cells);
  }
  return undefined;
}

/** The wanted column by exact name, by a word of its name, or the first of the wanted type. */
function columnFor(extract: Extract, table: Table): number {
  const wanted = words(extract.column ?? extract.name);
  const names = table.columns.map((column) => words(column.name));
  const exact = names.findIndex((name) => name.join(" ") === wanted.join(" "));
  if (exact !== -1) return exact;
  const partial = names.findIndex((name) =>
    name.some((word) => wanted.some((other) => sameWord(word, other))),
  );
  if (partial !== -1 || extract.column !== undefined) return partial;
  return table.columns.findIndex((_, index) => fits(extract, table.rows[0]?.[index] ?? null));
}

function words(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

function sameWord(a: string, b: string): boolean {
  return a === b || `${a}s` === b || a === `${b}s`;
}

function fits(extract: Extract, cell: Cell): boolean {
  const numeric =
    typeof cell === "number" ||
    (typeof cell === "string" && cell.trim() !== "" && !Number.isNaN(Number(cell)));
  return extract.type === "number" ? numeric : !numeric;
}

function typed(
  extract: Extract,
  cells: (string | number | boolean)[],
): string | number | string[] | undefined {
  const first = cells[0];
  if (extract.type === "number") return Number.isFinite(Number(first)) ? Number(first) : undefined;
  if (extract.type === "text") return oneLine(String(first));
  const distinct = [...new Set(cells.map((cell) => oneLine(String(cell))))];
  return distinct.slice(0, extract.limit);
}

/** A value becomes part of a question: it may not look like a message of its own. */
function oneLine(value: string): string {
  return value
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim()
    .slice(0, VALUE_LIMIT);
}

/** Without a table: a number is the first one in the text, a text the whole answer; lists are never guessed. */
function fromText(extract: Extract, text: string): string | number | undefined {
  if (extract.type === "text") return text === "" ? undefined : oneLine(text);
  if (extract.type === "list") return undefined;
  const match = /-?\d[\d,]*(?:\.\d+)?/.exec(text);
  return match === null ? undefined : Number(match[0].replaceAll(",", ""));
}
