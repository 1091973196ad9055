/** Reads from the conversation what a follow-up points at: the entities that the last answer listed. */
import type { RouteInput } from "../router.ts";
import { properNames } from "../text/names.ts";
import { TIME_WORDS } from "../text/vocabulary.ts";
import { stem } from "../text/words.ts";
import { type EntityNouns } from "./entities.ts";

const MOST_NAMES = 25;

/** Names from the last answer that holds any: those that it lists, else proper names in its text. */
export function entitiesInHistory(history: RouteInput["history"], nouns: EntityNouns): string[] {
  return lastNames(history, (text) => {
    const listed = namesListed(text, nouns);
    return listed.length > 0
      ? listed
      : properNames(text).filter((name) => !TIME_WORDS.has(name.toLowerCase()));
  });
}

/** Names from the last answer that lists so many, in its order: of a table's entity column, or at the head of list items. */
export function listedInHistory(
  history: RouteInput["history"],
  nouns: EntityNouns,
  atLeast: number,
): string[] {
  return lastNames(history, (text) => {
    const listed = namesListed(text, nouns);
    return listed.length >= atLeast ? listed : [];
  });
}

function lastNames(history: RouteInput["history"], namesIn: (text: string) => string[]): string[] {
  for (const message of history.toReversed()) {
    const found = message.role === "assistant" ? namesIn(message.content) : [];
    if (found.length > 0) return [...new Set(found)].slice(0, MOST_NAMES);
  }
  return [];
}

function namesListed(text: string, nouns: EntityNouns): string[] {
  const names = namesInTables(text, nouns);
  return names.length > 0 ? names : namesInList(text);
}

const CAPITALISED = "\\p{Lu}[^\\s:,()*|]*";
const NAMED_ITEM = new RegExp(
  `^\\s*(?:[-*\u2022]|\\d{1,3}[.)])\\s+\\**(${CAPITALISED}(?: (?:&|${CAPITALISED}))*)\\**(?:\\s*[:,(]|\\s*$)`,
  "u",
);

/** `1. Acme Industries: 26 %, ...`: the names that begin the items of the first list that has such. */
function namesInList(text: string): string[] {
  const names: string[] = [];
  for (const line of text.split("\n")) {
    const name = NAMED_ITEM.exec(line)?.[1];
    if (name !== undefined) names.push(name);
    else if (names.length > 0) break;
  }
  return names;
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
