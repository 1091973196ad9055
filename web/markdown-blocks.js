/** Block Markdown as plain data: headings, paragraphs, lists, tables, quotes, code. HTML stays text. */
import { parseInline } from "./markdown-inline.js";
import { table } from "./markdown-table.js";

/**
 * @typedef {import("./markdown-inline.js").Inline} Inline
 * @typedef {{ type: "heading", level: number, children: Inline[] }
 *   | { type: "paragraph", children: Inline[] }
 *   | { type: "code", text: string, language: string }
 *   | { type: "list", ordered: boolean, start: number, items: Block[][] }
 *   | { type: "quote", children: Block[] }
 *   | { type: "table", align: ("left" | "right" | "center")[], header: Inline[][], rows: Inline[][][] }
 *   | { type: "rule" }} Block
 */

const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])(?:\s+|$)/;
const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;
const RULE = /^ {0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const MAX_DEPTH = 8;

/**
 * @param {string} text
 * @returns {Block[]}
 */
export function parseMarkdown(text) {
  return parseLines(text.replaceAll("\r\n", "\n").split("\n"), 0);
}

/**
 * @param {string[]} lines
 * @param {number} depth
 * @returns {Block[]}
 */
function parseLines(lines, depth) {
  /** @type {Block[]} */
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    if (line.trim() === "") {
      at += 1;
      continue;
    }
    const taken =
      codeBlock(lines, at) ??
      heading(line) ??
      table(lines, at) ??
      rule(line) ??
      nested(lines, at, depth) ??
      paragraph(lines, at);
    blocks.push(taken.block);
    at += taken.count;
  }
  return blocks;
}

/**
 * @typedef {{ block: Block, count: number }} Taken
 * @param {string[]} lines
 * @param {number} at
 * @returns {Taken | null}
 */
function codeBlock(lines, at) {
  const open = FENCE.exec(lines[at] ?? "");
  if (open === null) return null;
  const [, fence = "", info = ""] = open;
  const body = lines.slice(at + 1);
  const end = body.findIndex(
    (line) => line.trim().startsWith(fence) && line.trim().replaceAll(fence[0] ?? "", "") === "",
  );
  const inside = end < 0 ? body : body.slice(0, end);
  const language = info.trim().split(/\s/)[0] ?? "";
  return {
    block: { type: "code", text: inside.join("\n"), language },
    count: inside.length + (end < 0 ? 1 : 2),
  };
}

/** @param {string} line @returns {Taken | null} */
function heading(line) {
  const match = HEADING.exec(line);
  if (match === null) return null;
  return {
    block: { type: "heading", level: match[1]?.length ?? 1, children: parseInline(match[2] ?? "") },
    count: 1,
  };
}

/** @param {string} line @returns {Taken | null} */
function rule(line) {
  return RULE.test(line) ? { block: { type: "rule" }, count: 1 } : null;
}

/**
 * Quotes and lists hold blocks themselves.
 * @param {string[]} lines
 * @param {number} at
 * @param {number} depth
 * @returns {Taken | null}
 */
function nested(lines, at, depth) {
  if (depth >= MAX_DEPTH) return null;
  if (/^ {0,3}>/.test(lines[at] ?? "")) return quote(lines, at, depth);
  return ITEM.test(lines[at] ?? "") ? list(lines, at, depth) : null;
}

/** @param {string[]} lines @param {number} at @param {number} depth @returns {Taken} */
function quote(lines, at, depth) {
  const rest = lines.slice(at);
  const end = rest.findIndex((line) => !/^ {0,3}>/.test(line));
  const inside = end < 0 ? rest : rest.slice(0, end);
  const children = parseLines(
    inside.map((line) => line.replace(/^ {0,3}> ?/, "")),
    depth + 1,
  );
  return { block: { type: "quote", children }, count: inside.length };
}

/** @param {string[]} lines @param {number} at @param {number} depth @returns {Taken} */
function list(lines, at, depth) {
  const marker = ITEM.exec(lines[at] ?? "")?.[2] ?? "-";
  const ordered = /\d/.test(marker);
  /** @type {string[][]} */
  const items = [];
  let count = 0;
  let indent = 0;
  for (const line of lines.slice(at)) {
    const match = ITEM.exec(line);
    const same =
      match !== null &&
      /\d/.test(match[2] ?? "") === ordered &&
      (items.length === 0 || (match[1]?.length ?? 0) < indent);
    if (same && match !== null) {
      indent = match[0].trimEnd().length + 1;
      items.push([line.slice(match[0].length)]);
    } else if (line.trim() === "" || /^\s/.test(line)) {
      items.at(-1)?.push(dedent(line, indent));
    } else break; // Writers of answers do not wrap lines: a line without indent is a new paragraph.
    count += 1;
  }
  const blocks = items.map((item) => parseLines(item, depth + 1));
  return {
    block: { type: "list", ordered, start: ordered ? Number.parseInt(marker, 10) : 1, items: blocks },
    count,
  };
}

/** @param {string} line @param {number} indent */
function dedent(line, indent) {
  const leading = /^ */.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(leading, Math.max(indent, 2)));
}

/** @param {string[]} lines @param {number} at @returns {Taken} */
function paragraph(lines, at) {
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line, i) => line.trim() === "" || interrupts(line) || table(rest, i) !== null);
  const inside = [lines[at] ?? "", ...(end < 0 ? rest : rest.slice(0, end))];
  return {
    block: { type: "paragraph", children: parseInline(inside.join("\n").trim()) },
    count: inside.length,
  };
}

/** Whether the line starts another block right after a paragraph. @param {string} line */
function interrupts(line) {
  return (
    FENCE.test(line) || HEADING.test(line) || RULE.test(line) || ITEM.test(line) || /^ {0,3}>/.test(line)
  );
}
