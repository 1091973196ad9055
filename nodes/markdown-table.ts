/** A table as Markdown, cut to what a reader takes in. Pure. */
import type { Cell, Evidence } from "../backends/backend.ts";

type Table = Extract<Evidence, { kind: "table" }>;

export function markdownTable(table: Table, limit: { rows: number; columns: number }): string {
  const columns = table.columns.slice(0, limit.columns);
  const rows = table.rows.slice(0, limit.rows);
  const lines = [
    row(columns.map((column) => cell(column.name))),
    row(columns.map(() => "---")),
    ...rows.map((cells) => row(columns.map((_, index) => cell(cells[index] ?? null)))),
  ];
  const hidden = table.row_count - rows.length;
  if (hidden > 0) lines.push("", `${hidden} more ${hidden === 1 ? "row" : "rows"} in the source.`);
  return lines.join("\n");
}

function row(cells: string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A cell may not end the row, start a new one or carry markup. */
function cell(value: Cell): string {
  return value === null ? "–" : harmless(String(value)).replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}

/** Text from a backend without HTML, images and links of its own: only our citations point anywhere. */
export function harmless(text: string): string {
  return text
    .replaceAll(/!\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replaceAll(/\[(?:\d{1,3}|\^\w{1,20})\]/g, "")
    .replaceAll(/<\/?[a-zA-Z!][^>]*>/g, "")
    .replaceAll(/<(?=[a-zA-Z!/])/g, "\\<");
}
