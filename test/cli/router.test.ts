/** `orchestrator router`: calibration from labels. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
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
