/** Reads BANKING77 (Casanueva et al. 2020, CC BY 4.0) from `PolyAI-LDN/task-specific-datasets`. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Example } from "../../routing/classifier/train.ts";
import type { Suite } from "./suite.ts";

export function readBanking(folder: string): Suite {
  return {
    name: "BANKING77",
    train: read(folder, "train.csv"),
    validation: null,
    test: read(folder, "test.csv"),
    foreign: [],
  };
}

function read(folder: string, file: string): Example[] {
  const found = [path.join(folder, file), path.join(folder, "banking_data", file)].find((each) =>
    existsSync(each),
  );
  if (found === undefined) throw new TypeError(`${folder} holds no ${file}.`);
  return parseCsv(readFileSync(found, "utf8"))
    .slice(1)
    .flatMap(([text, label]) => (text === undefined || label === undefined ? [] : [{ text, label }]));
}

/** RFC 4180: fields in quotes may hold commas, line ends and doubled quotes. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}
