/** Reads from the conversation what a follow-up points at: the entities that the last answer listed. */
import type { RouteInput } from "../router.ts";
import { stem } from "../text/words.ts";
import { type EntityNouns } from "./entities.ts";
import { properNames } from "../text/names.ts";

const MOST_NAMES = 25;

/** Names from the last answer that holds any: of its table's entity column, else proper names in its text. */
export function entitiesInHistory(history: RouteInput["history"], nouns: EntityNouns): string[] {
  for (const message of history.toReversed()) {
    if (message.role !== "assistant") continue;
    const names = namesInTables(message.content, nouns);
    const found = names.length > 0 ? names : properNames(message.content);
    if (found.length > 0) return [...new Set(found)].slice(0, MOST_NAMES);
  }
  return [];
}

function namesInTables(text: string, nouns: EntityNouns): string[] {
  const lines = text.split("\n").map(cellsOf);
  let column = -1;
  const names: string[] = [];
  for (const [index, cells] of lines.entries()) {
    if (cells.length === 0) column = -1;
    else if (lines[index + 1]?.every((cell) => /^:?-+:?$/.test(cell)) && lines[index + 1]!.length > 0)
      column = names.length > 0 ? -1 : cells.findIndex((cell) => isEntityColumn(cell, nouns));
    else if (column >= 0 && !cells.every((cell) => /^:?-+:?$/.test(cell))) names.push(cells[column] ?? "");
  }
  return names.filter((name) => /\p{L}/u.test(name));
}

/** `customer`, `Customer name` or `account_name`, but not `customer_id` or `customers`. */
function isEntityColumn(header: string, nouns: EntityNouns): boolean {
  const words = header.toLowerCase().split(/[\s_]+/);
  return nouns.stems.has(stem(words[0] ?? "")) && (words.length === 1 || words[1] === "name");
}

function cellsOf(line: string): string[] {
  if (!/^\s*\|.*\|\s*$/.test(line)) return [];
  return line
    .trim()
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.replace(/\[\d+\]|[*_`]/g, "").trim());
}
