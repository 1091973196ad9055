/** The committed results that a change is held against, and the run that makes them. */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import { DATASETS, readDataset } from "../case.ts";
import { decideCases, type DecidedCase } from "./decide-cases.ts";
import { gateRouting } from "./gate.ts";

export const BASELINE = "evals/baseline.json";

const Baseline = z.object({
  cases: z.array(
    z.object({
      id: z.string(),
      cluster: z.string(),
      route: z.object({ correct: z.boolean() }),
      plan: z.object({ exact: z.boolean() }),
      numbers: z.null(),
    }),
  ),
});

/** The `dev` split alone: held-out results are for totals, not for a list that people tune by. */
export async function decideBaselineCases(cwd: string): Promise<DecidedCase[]> {
  const read = readConfigFiles({ ORCHESTRATOR_CONFIG: "config/sandbox.yaml" }, cwd);
  const config = loadConfig({ SANDBOX_URL: "http://127.0.0.1:9" }, read.files);
  return decideCases(
    config,
    DATASETS.flatMap(readDataset).filter(({ split }) => split === "dev"),
  );
}

export function readBaseline(file = BASELINE): DecidedCase[] {
  return Baseline.parse(JSON.parse(readFileSync(file, "utf8"))).cases;
}

/** One case per line, so that a change shows in a diff. */
export function writeBaseline(cases: readonly DecidedCase[], file = BASELINE): void {
  const lines = cases.map((decided) => `    ${JSON.stringify(decided)}`).join(",\n");
  writeFileSync(file, `{\n  "cases": [\n${lines}\n  ]\n}\n`);
}

/** Returns the exit code and what to say. */
export async function runGate(cwd: string): Promise<{ code: number; text: string }> {
  const { passed, sentences, lost, gone } = gateRouting(readBaseline(), await decideBaselineCases(cwd));
  const wrong = lost.length === 0 ? [] : [`wrong now: ${lost.join(", ")}`];
  const missing = gone.length === 0 ? [] : [`in the baseline and not asked: ${gone.join(", ")}`];
  const verdict = passed
    ? "The router is no worse than the baseline."
    : "The router is worse than the baseline.";
  return { code: passed ? 0 : 1, text: [...sentences, ...wrong, ...missing, verdict].join("\n") };
}
