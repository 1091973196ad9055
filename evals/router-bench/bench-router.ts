/** Measures the local classifier on the public data sets whose folders are named, row by row as they come. */
import { parseArgs } from "node:util";
import { readBanking } from "./banking.ts";
import { readClinc } from "./clinc.ts";
import { measure, type Method } from "./measure.ts";
import type { Suite } from "./suite.ts";
import { TABLE_HEAD, tableRow } from "./table.ts";

const METHODS: readonly Method[] = ["blend", "softmax", "one_vs_rest"];

/** `--clinc <folder>` and `--banking <folder>`, one of them at least; else it throws `TypeError`. */
export function benchRouter(args: string[], say: (line: string) => void): void {
  const { values } = parseArgs({ args, options: { clinc: { type: "string" }, banking: { type: "string" } } });
  say(TABLE_HEAD);
  for (const suite of suitesIn(values))
    for (const method of METHODS) say(tableRow(measure(suite, method, () => performance.now())));
}

function suitesIn(folders: { clinc?: string; banking?: string }): Suite[] {
  const { clinc, banking } = folders;
  if (clinc === undefined && banking === undefined)
    throw new TypeError("Name at least one folder: --clinc or --banking.");
  return [
    ...(clinc === undefined ? [] : readClinc(clinc)),
    ...(banking === undefined ? [] : [readBanking(banking)]),
  ];
}
