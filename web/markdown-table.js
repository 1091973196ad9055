/** Pipe tables with an alignment row. */
import { parseInline } from "./markdown-inline.js";

/** @typedef {import("./markdown-blocks.js").Taken} Taken */

/** @param {string[]} lines @param {number} at @returns {Taken | null} */
export function table(lines, at) {
  const header = lines[at] ?? "";
  const divider = lines[at + 1] ?? "";
  if (
    !header.includes("|") ||
    !/^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/.test(divider) ||
    !divider.includes("|")
  )
    return null;
  const names = cells(header);
  const align = cells(divider).map((cell) =>
    cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "right") : "left",
  );
  const rest = lines.slice(at + 2);
  const end = rest.findIndex((line) => line.trim() === "" || !line.includes("|"));
  const body = end < 0 ? rest : rest.slice(0, end);
  const rows = body.map((line) => names.map((_, i) => parseInline(cells(line)[i] ?? "")));
  return {
    block: { type: "table", align, header: names.map((name) => parseInline(name)), rows },
    count: body.length + 2,
  };
}

/** @param {string} line */
function cells(line) {
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}
