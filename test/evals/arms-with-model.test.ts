/** Every arm with a model, over the sandbox's scripted one: it is started, asked, measured and compared. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { armsWithModel } from "../../evals/arms/all-arms.ts";
import { armsTables, readArmsReport, writeArmsReport } from "../../evals/arms/arms-report.ts";
import type { ModelChoice } from "../../evals/arms/model-choice.ts";
import { openGround, type OpenGround } from "../../evals/arms/open-ground.ts";
import { runArm } from "../../evals/arms/run-arms.ts";
import type { Measured } from "../../evals/arms/verdict.ts";
import { readDataset } from "../../evals/case.ts";
import { createCompany } from "../../sandbox/company/company.ts";
import { startSandbox } from "../../sandbox/server.ts";
import { start } from "../../server/start.ts";

const BACKENDS = ["revenue_genie", "policy_assistant", "churn_model", "retention_agent"];
const dataset = readDataset("evals/datasets/routing.jsonl");
const cases = [
  dataset.find(({ id }) => id === "mrr-total-1"),
  dataset.find(({ expect: { kind }, input }) => kind === "refuse" && input !== undefined),
].filter((one) => one !== undefined);

const measured = new Map<string, Measured[]>();
const whats = new Map<string, string>();
let ground: OpenGround;
let folder: string;
let closeAll: () => Promise<void>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "orchestrator-arms-test-"));
  const company = await createCompany();
  const sandbox = await startSandbox({ company, genieStepMs: 2 });
  const admin = (route: string, body: unknown) =>
    fetch(`${sandbox.url}/_admin/${route}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const sql = cases[0]?.expect.numbers[0]?.sql;
  const { rows } = (await (await admin("sql", { sql })).json()) as { rows: string[][] };
  const answer = `The MRR is ${rows[0]?.[0]} [1].`;
  const plan = {
    kind: "plan",
    steps: [{ id: "s1", backend: "revenue_genie", question: "Total MRR?" }],
    confidence: 0.9,
  };
  await admin("model/queue", [
    { keep: true, match: '"json_schema"', json: plan },
    { keep: true, match: '"role":"tool"', text: answer },
    {
      keep: true,
      match: '"tools":',
      tool_calls: [{ name: "revenue_genie", arguments: { question: "Total MRR?" } }],
    },
    { keep: true, match: "<evidence ", text: answer },
    { keep: true, text: "I do not know." },
  ]);
  let database = 0;
  ground = openGround({
    workspaceUrl: sandbox.url,
    backends: BACKENDS,
    timeout_ms: 20_000,
    env: {},
    config: "config/sandbox.yaml",
    start: async (config) => {
      const env = {
        SANDBOX_URL: sandbox.url,
        ORCHESTRATOR_CONFIG: config,
        ORCHESTRATOR_DB: path.join(folder, `${(database += 1)}.db`),
      };
      return start({ env, cwd: process.cwd(), logger: pino({ level: "silent" }), port: 0 });
    },
  });
  const choice: ModelChoice = {
    url: `${sandbox.url}/v1`,
    model: "large",
    small: "small",
    keyVariable: null,
    price: { input: 3, output: 15 },
    smallPrice: { input: 0.3, output: 1.5 },
  };
  for (const arm of armsWithModel(choice)) {
    whats.set(arm.name, arm.what);
    measured.set(
      arm.name,
      await runArm(arm, cases, { ground, truthUrl: sandbox.url, concurrency: 2, onCase: () => undefined }),
    );
  }
  closeAll = async () => {
    await ground.close();
    await sandbox.close();
    await company.close();
    rmSync(folder, { recursive: true, force: true });
  };
}, 300_000);

afterAll(() => closeAll());

const of = (name: string) => measured.get(name)?.[0];

describe("the arms with a model", () => {
  it("are eight, each asked every question", () => {
    expect([...measured.keys()]).toEqual([
      "graph", "model-alone", "single-agent", "fan-out", "local-router", "model-planner", "oracle", "one-model",
    ]); // prettier-ignore
    expect([...measured.values()].map((all) => all.length)).toEqual(Array.from({ length: 8 }, () => 2));
  });

  it("answer right where they have the right source, and not without any", () => {
    const good = [...measured].filter(([, all]) => all[0]?.quality === 1).map(([name]) => name);
    expect(good).toEqual([
      "graph",
      "single-agent",
      "fan-out",
      "local-router",
      "model-planner",
      "oracle",
      "one-model",
    ]);
    expect(of("model-alone")).toMatchObject({ quality: 0, calls: 0 });
  });

  it("count calls of backends, tokens and dollars", () => {
    expect([of("single-agent")?.calls, of("fan-out")?.calls, of("graph")?.calls]).toEqual([1, 4, 1]);
    expect(of("model-alone")?.usd).toBeGreaterThan(0);
    expect(of("single-agent")?.usd).toBeGreaterThan(of("model-alone")?.usd ?? 0);
    expect(of("model-planner")?.tokens).toBeGreaterThan(of("local-router")?.tokens ?? 0);
  });

  it("tell an invented figure from an honest answer where no source belongs", () => {
    expect(measured.get("model-alone")?.[1]).toMatchObject({ quality: 1, shape: "unanswerable" });
    expect(measured.get("single-agent")?.[1]?.quality).toBe(0);
  });

  it("make a report that keeps every case, with a verdict per shape", () => {
    const file = path.join(folder, "report.json");
    const arms = [...measured].map(([name, all]) => ({ name, what: whats.get(name) ?? "", measured: all }));
    writeArmsReport(file, { arms });
    const tables = armsTables(readArmsReport(file));
    expect(tables).toHaveLength(8);
    expect(tables[0]).toContain(
      "| single-agent | the large model calls the backends as tools until it is done | 2 |",
    );
    expect(tables[1]).toContain("Good answers: graph, model-alone");
  });
});
