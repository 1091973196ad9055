/** `orchestrator router`: calibration from labels, and the bench over a small made-up copy of the public data. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CalibrationFile } from "../../routing/calibration-file.ts";
import { runOrchestrator } from "./shell-double.ts";

const folder = () => mkdtempSync(path.join(tmpdir(), "orchestrator-router-"));
const env = { ORCHESTRATOR_CONFIG: "config/sandbox.yaml" };

/** Distinct questions that the sandbox's tables answer. */
const REGIONS = ["EMEA", "AMER", "APAC", "Germany", "France", "Spain", "Italy", "Japan", "India", "Brazil"];
const MEASURES = ["MRR", "ARR", "churned MRR", "overdue amount", "number of open tickets", "usage events"];
const right = MEASURES.flatMap((measure) =>
  REGIONS.map((region) => ({
    text: `Show the ${measure} of ${region} by month`,
    backends: ["revenue_genie"],
  })),
);
const jsonl = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

describe("router calibrate", () => {
  const calibrate = async (rows: readonly object[], ...more: string[]) => {
    const at = folder();
    writeFileSync(path.join(at, "labels.jsonl"), jsonl(rows));
    const out = path.join(at, "calibration.json");
    const run = await runOrchestrator(
      ["router", "calibrate", path.join(at, "labels.jsonl"), "--out", out, ...more],
      { env },
    );
    return { ...run, file: CalibrationFile.parse(JSON.parse(readFileSync(out, "utf8"))) };
  };

  it("writes the threshold from which the target holds", async () => {
    const { file, code } = await calibrate(right, "--target", "0.9");
    expect(file).toMatchObject({ target: 0.9, delta: 0.1, achievable: true });
    expect(file.threshold).toBeGreaterThan(0);
    expect(code).toBe(0);
  });

  it("says that there are not enough labels rather than guess, and lets the router decide nothing alone", async () => {
    const { file, out, code } = await calibrate(right.slice(0, 12));
    expect(out).toContain("Not enough labels");
    expect(file).toMatchObject({ threshold: null, achievable: false });
    expect(code).toBe(1);
  });

  it("leaves out questions that the router was trained on", async () => {
    const { out } = await calibrate([{ text: "what is our MRR right now", backends: ["revenue_genie"] }]);
    expect(out).toContain("1 more were trained on");
  });

  it("asks for a file to write to", async () => {
    const { err, code } = await runOrchestrator(["router", "calibrate", "none.jsonl"], { env });
    expect(err).toContain("routing.calibration_file");
    expect(code).toBe(1);
  });
});

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

describe("router bench", () => {
  it("measures each method on each of the data sets that are named", async () => {
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
    const { out, code } = await runOrchestrator(["router", "bench", "--clinc", at, "--banking", at], { env });
    const table = out
      .trim()
      .split("\n")
      .slice(2)
      .map((line) => line.split("|").map((cell) => cell.trim()));
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
    expect(code).toBe(0);
  });

  it("names the file that is missing", async () => {
    await expect(runOrchestrator(["router", "bench", "--banking", folder()], { env })).rejects.toThrow(
      "holds no train.csv",
    );
  });
});
