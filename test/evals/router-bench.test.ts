/** The bench over a small made-up copy of the public data. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { benchRouter } from "../../evals/router-bench/bench-router.ts";

const folder = () => mkdtempSync(path.join(tmpdir(), "orchestrator-router-"));

const INTENTS = {
  balance: ["balance", "account balance", "money left", "funds available"],
  transfer: ["transfer money", "send funds", "move money", "wire cash"],
  recipe: ["recipe", "cook pasta", "bake bread", "make soup"],
};
const phrase = (words: string, i: number) =>
  [`what about the ${words}`, `please ${words} now`, `i want ${words}`][i % 3]!;
const rows = (from: number) =>
  Object.entries(INTENTS).flatMap(([intent, all]) =>
    all.map((words, i): [string, string] => [phrase(words, i + from), intent]),
  );

describe("the bench of the local classifier", () => {
  it("measures each method on each of the data sets that are named", () => {
    const at = folder();
    mkdirSync(path.join(at, "data"));
    const oos_test = [["zebra stripes weather", "oos"]];
    writeFileSync(
      path.join(at, "data/data_full.json"),
      JSON.stringify({ train: rows(0), val: rows(1), test: rows(2), oos_test }),
    );
    writeFileSync(
      path.join(at, "data/domains.json"),
      JSON.stringify({ banking: ["balance", "transfer"], kitchen: ["recipe"] }),
    );
    const csv = (all: [string, string][]) =>
      `text,category\n${all.map(([text, label]) => `"${text}, ""now""",${label}\n`).join("")}`;
    writeFileSync(path.join(at, "train.csv"), csv(rows(0)));
    writeFileSync(path.join(at, "test.csv"), csv(rows(1)));
    const lines: string[] = [];
    benchRouter(["--clinc", at, "--banking", at], (line) => lines.push(...line.split("\n")));
    const table = lines.slice(2).map((line) => line.split("|").map((cell) => cell.trim()));
    expect(table.map((cells) => [cells[1], cells[2]])).toEqual(
      ["CLINC150 domains", "CLINC150 domains with sub-topics", "CLINC150 intents", "BANKING77"].flatMap(
        (name) => [
          [name, "both, summed"],
          [name, "softmax"],
          [name, "one against the rest"],
        ],
      ),
    );
    expect(table[0]![3]).toMatch(/^100\.00 % \(75\.\d\d to 100\.00, 12\)$/);
    expect(table[0]![4]).toMatch(/^1\.0000 /);
  });

  it("names what is missing", () => {
    expect(() => benchRouter(["--banking", folder()], () => undefined)).toThrow("holds no train.csv");
    expect(() => benchRouter([], () => undefined)).toThrow("--clinc or --banking");
  });
});
