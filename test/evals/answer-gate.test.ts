/** The gate over answers: exact on recordings, failed by a worse router and by a worse prompt, passed by what is unchanged. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import { faultOverlay } from "../../evals/answer-gate/fault-overlay.ts";
import { heldText } from "../../evals/answer-gate/held-text.ts";
import { holdAnswers, type Held } from "../../evals/answer-gate/hold-answers.ts";
import { readDataset, type Case } from "../../evals/case.ts";
import { RECORDINGS } from "../../evals/recorded/record.ts";
import { startObedientWriter } from "./obedient-writer.ts";
import { openTapedWorkspace, type TapedWorkspace } from "./taped-system.ts";

const CONFIG = "config/sandbox.yaml";
const read = readConfigFiles({ ORCHESTRATOR_CONFIG: CONFIG }, process.cwd());
const sandboxConfig = loadConfig({ SANDBOX_URL: "http://127.0.0.1:9" }, read.files);
const { backends } = sandboxConfig;
const cases = readDataset("evals/datasets/routing.jsonl");
const progress = { step: () => undefined, end: () => undefined };

let workspace: TapedWorkspace;
let folder: string;
/** The first run, which the others are held against. */
let first: Held;

beforeAll(async () => {
  workspace = await openTapedWorkspace();
  folder = mkdtempSync(path.join(tmpdir(), "orchestrator-gate-"));
  const overlay = faultOverlay(CONFIG, backends);
  first = await workspace.serving(overlay.config, (url) => hold(url, cases, true));
  overlay.remove();
}, 300_000);

afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

const hold = (serverUrl: string, some: readonly Case[], faults = false) =>
  holdAnswers(some, {
    serverUrl,
    tape: workspace.tape,
    backends,
    concurrency: 4,
    timeout_ms: 30_000,
    progress,
    faults,
  });

describe("the gate over answers", () => {
  it("holds what is committed against its floors", () => {
    expect(first.missed).toEqual([]);
    expect(heldText(first)).toContain("The answers hold.");
    expect(first.reached.every(({ total }) => total > 0)).toBe(true);
    expect(first.faults.length).toBeGreaterThanOrEqual(80);
  });

  it("has its answers on recordings of less than a megabyte", () => {
    expect(statSync(RECORDINGS).size).toBeLessThan(1_000_000);
    expect(first.unrecorded.length).toBeLessThan(80);
  });

  it("passes an unchanged system 20 times out of 20, with the same answers", async () => {
    const some = rightOnes(4);
    expect(some).toHaveLength(8);
    const rounds = await workspace.serving(CONFIG, async (url) => {
      const held: Held[] = [];
      for (let round = 0; round < 20; round += 1) held.push(await hold(url, some));
      return held;
    });
    expect(rounds.filter(({ passed }) => passed)).toHaveLength(20);
    const told = new Set(
      rounds.map(({ scored }) => JSON.stringify(scored.map(({ outcome }) => outcome.text))),
    );
    expect(told.size).toBe(1);
  }, 120_000);

  it("fails a router that learned two backends' topics the wrong way round", async () => {
    const held = await workspace.serving(worseRouter(), (url) =>
      hold(url, cases.filter(aboutChurnOrRetention)),
    );
    expect(held.passed).toBe(false);
    expect(held.missed.filter((sentence) => sentence.startsWith("Routing"))).toHaveLength(2);
  }, 120_000);
});

describe("the gate over answers that a model writes", () => {
  const written = async (prompt: (text: string) => string) => {
    const writer = await startObedientWriter(prompt);
    const models = { synthesizer: { base_url: writer.url, model: "obedient" } };
    const file = path.join(folder, "writer.yaml");
    writeFileSync(file, stringify({ models }));
    try {
      return await workspace.serving(`${CONFIG},${file}`, (url) => hold(url, rightOnes(8)));
    } finally {
      await writer.close();
    }
  };

  it("passes the prompt as it is", async () => {
    const held = await written((text) => text);
    expect(held.missed).toEqual([]);
    expect(held.scored.every(({ outcome }) => outcome.text.includes("Source: [1]"))).toBe(true);
  }, 120_000);

  it("fails one without its rule about figures", async () => {
    const held = await written((text) => text.replace(/- Copy figures exactly[^\n]*\n/, ""));
    expect(held.missed.join("\n")).toContain("Grounding reached");
    expect(held.missed.filter((sentence) => sentence.startsWith("Numbers"))).toHaveLength(2);
  }, 120_000);

  it("fails one without its rule about citations", async () => {
    const held = await written((text) => text.replace(/- Put the number of the evidence[^\n]*\n/, ""));
    expect(held.missed.join("\n")).toContain("Citations reached 0.0 %");
  }, 120_000);
});

/** Right in every way in the first run, with expected values. */
function rightOnes(perSplit: number): Case[] {
  return (["dev", "heldout"] as const).flatMap((split) =>
    first.scored
      .filter(({ question, plan, numbers, citations, grounding }) => {
        const right =
          plan.exact &&
          numbers?.correct === true &&
          citations?.valid === true &&
          grounding?.grounded === true;
        return right && question.split === split && question.input !== undefined;
      })
      .slice(0, perSplit)
      .map(({ question }) => question),
  );
}

function aboutChurnOrRetention({ input, expect: { backends: wanted } }: Case): boolean {
  return input !== undefined && wanted.some((name) => name === "churn_model" || name === "retention_agent");
}

/** The sandbox's configuration with what two backends are said to be good at exchanged. */
function worseRouter(): string {
  const [a, b] = ["churn_model", "retention_agent"].map((name) => backends.find((one) => one.name === name));
  const taught = (by: (typeof backends)[number] | undefined) => ({
    topics: by?.topics,
    examples: by?.examples,
    description: by?.description,
  });
  const exchanged = backends.map((one) =>
    one === a ? { ...one, ...taught(b) } : one === b ? { ...one, ...taught(a) } : one,
  );
  const file = path.join(folder, "worse.yaml");
  const { workspace: settings, ...rest } = sandboxConfig;
  const local = { workspace: { ...settings, host: workspace.tape.url }, persistence: { kind: "memory" } };
  writeFileSync(file, stringify({ ...rest, ...local, backends: exchanged }));
  return file;
}
