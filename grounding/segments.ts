/** Cuts a Markdown text into sentences and table rows, with their positions. */
import type { Span } from "./span.ts";

export interface Segment extends Span {
  kind: "sentence" | "row" | "heading";
  /** Table rows only: the positions of the cells. */
  cells: Span[];
  /** Table rows only: the positions of the header's cells. */
  header: Span[];
  /** Which paragraph, list item or table it belongs to. */
  block: number;
  /** Whether its line is a list item or indented. */
  listed: boolean;
}

const SENTENCE_END = /[.!?](?:\s*\[\d+(?:\s*,\s*\d+)*\])*(?=\s+["“'(*_]*[\p{Lu}])/gu;
const SEPARATOR_ROW = /^\s*\|?[\s:|-]*-[\s:|-]*\|[\s:|-]*$/;

/** Segments in order. Lines of a fenced code block are left out. */
export function segments(text: string): Segment[] {
  const result: Segment[] = [];
  let block = 0;
  let header: Span[] = [];
  let inTable = false;
  let fenced = false;
  for (const line of lines(text)) {
    const content = text.slice(line.start, line.end);
    if (/^\s*```/.test(content)) fenced = !fenced;
    if (fenced || /^\s*```/.test(content)) continue;
    const isRow = content.trimStart().startsWith("|");
    if (!isRow && inTable) [inTable, header] = [false, []];
    if (content.trim() === "" || isListItem(content) || (isRow && !inTable)) block += 1;
    if (content.trim() === "" || SEPARATOR_ROW.test(content)) continue;
    if (isRow) {
      const cells = cellSpans(text, line);
      if (!inTable) [inTable, header] = [true, cells];
      result.push({
        ...line,
        kind: cells === header ? "heading" : "row",
        cells,
        header,
        block,
        listed: false,
      });
    } else {
      result.push(...sentences(text, line, block));
    }
  }
  return result;
}

function lines(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    spans.push({ start, end: start + line.length });
    start += line.length + 1;
  }
  return spans;
}

function isListItem(content: string): boolean {
  return /^\s*(?:[-*+]|\d{1,3}[.)])\s/.test(content);
}

function sentences(text: string, line: Span, block: number): Segment[] {
  const content = text.slice(line.start, line.end);
  const heading = /^\s*(?:#{1,6}\s|(?:(?:[-*+]|\d{1,3}[.)])\s+)?\*\*[^*]+\*\*\s*$)|:\s*(?:\*\*)?$/.test(
    content,
  );
  const common = { cells: [], header: [], block, listed: isListItem(content) || /^\s{2,}\S/.test(content) };
  if (heading) return [{ ...line, ...common, kind: "heading" }];
  const ends = [...content.matchAll(SENTENCE_END)].map((m) => line.start + m.index + m[0].length);
  return [...ends, line.end].map((end, index, all) => ({
    start: index === 0 ? line.start : (all[index - 1] ?? line.start),
    end,
    ...common,
    kind: "sentence" as const,
  }));
}

function cellSpans(text: string, line: Span): Span[] {
  const spans: Span[] = [];
  let start = text.indexOf("|", line.start) + 1;
  for (let at = start; at <= line.end; at += 1) {
    const closes = at === line.end || (text[at] === "|" && text[at - 1] !== "\\");
    if (!closes) continue;
    if (text.slice(start, at).trim() !== "" || at < line.end) spans.push({ start, end: at });
    start = at + 1;
  }
  return spans;
}
