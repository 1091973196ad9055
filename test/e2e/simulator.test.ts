/** Played and replayed users against the real server; what they leave becomes scenarios again. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { simulateOptions, distilOptions } from "../../evals/judges/options.ts";
import { openJudgeModel, type JudgeModel } from "../../evals/judges/judge-model.ts";
import { readScenarios, Scenario } from "../../evals/simulator/scenario.ts";
import { simulate, type SimulateOptions } from "../../evals/simulator/simulate.ts";
import { distilAll, simulateAll } from "../../evals/simulator/simulate-command.ts";
import { startStack, type Stack } from "./stack.ts";

let stack: Stack;
let opened: JudgeModel;
let folder: string;
let options: SimulateOptions;

beforeAll(async () => {
  stack = await startStack();
  folder = mkdtempSync(path.join(tmpdir(), "simulator-"));
  const model = {
    config: "config/sandbox.yaml",
    model: { url: `${stack.sandbox.url}/v1`, model: "user-model", keyVariable: null },
  };
  opened = openJudgeModel(process.env, { ...model, cwd: process.cwd() });
  options = { url: stack.url, user: opened.model, timeout_ms: 20_000, now: Date.now };
});

afterAll(async () => {
  await opened.close();
  await stack.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  await stack.admin("model", undefined, "DELETE");
});

const queue = (...answers: object[]) => stack.admin("model/queue", answers);
const requests = async () =>
  ((await stack.admin("model/requests")) as { requests: { messages: { role: string; content: string }[] }[] })
    .requests;
const goal = (result: "yes" | "no") => ({ json: { rationale: "So.", result } });

describe("A played user", () => {
  it("asks until it has what it wanted", async () => {
    const scenario = Scenario.parse({ id: "s", goal: "MRR, and by region", persona: "A director." });
    await queue(
      { json: { message: "What is our total MRR?" } },
      goal("no"),
      { json: { message: "And by region?" } },
      goal("yes"),
    );
    const talk = await simulate(scenario, options);
    expect(talk).toMatchObject({ ended: "goal", error: null });
    expect(talk.turns.map(({ user }) => user)).toEqual(["What is our total MRR?", "And by region?"]);
    expect(talk.turns.map(({ backends }) => backends)).toEqual([["revenue_genie"], ["revenue_genie"]]);
    expect(talk.turns[1]!.assistant).toContain("EMEA");
  });

  it("never sees its own words as somebody else's", async () => {
    await queue(
      { json: { message: "What is our total MRR?" } },
      goal("no"),
      { json: { message: "Thanks" } },
      goal("yes"),
    );
    const talk = await simulate(Scenario.parse({ id: "s", goal: "MRR", max_turns: 5 }), options);
    const second = (await requests())[2]!;
    expect(second.messages.map(({ role }) => role)).toEqual(["system", "user"]);
    const { user, assistant } = talk.turns[0]!;
    expect(JSON.parse(second.messages[1]!.content)).toMatchObject({ conversation: [{ user, assistant }] });
  });

  it("ends with the failure of its model where that cannot tell whether it has what it wanted", async () => {
    await queue({ json: { message: "What is our total MRR?" } }, { text: "?" }, { text: "?" });
    const talk = await simulate(Scenario.parse({ id: "s", goal: "MRR", max_turns: 1 }), options);
    expect(talk).toMatchObject({ ended: "user_model", error: "malformed", turns: [{ status: "completed" }] });
  });

  it("stops after its turns, and says whether that was enough", async () => {
    await queue({ json: { message: "What is our total MRR?" } }, goal("no"));
    const talk = await simulate(Scenario.parse({ id: "s", goal: "the weather", max_turns: 1 }), options);
    expect(talk).toMatchObject({ ended: "turns", turns: [{ status: "completed" }] });
  });

  it("whose model fails ends the conversation with the reason", async () => {
    await queue({ json: { message: "What is our total MRR?" } }, { status: 403 });
    const talk = await simulate(Scenario.parse({ id: "s", goal: "MRR" }), options);
    expect(talk).toMatchObject({ ended: "user_model", error: "forbidden" });
    expect(talk.turns).toHaveLength(1);
  });
});

describe("npm run evals -- simulate", () => {
  it("replays recorded words without a model, and shows where each turn went", async () => {
    const file = path.join(folder, "replayed.jsonl");
    const turns = ["What is our total MRR?", "And by region?"];
    writeFileSync(file, `${JSON.stringify({ id: "replayed", goal: "MRR", turns })}\n`);
    const text = await simulateAll(
      {},
      process.cwd(),
      folder,
      simulateOptions(["--scenarios", file, "--url", stack.url]),
    );
    expect(text).toMatch(
      /\| replayed \| 2 \| revenue_genie, revenue_genie \| [\d.]+ \| all turns were used \|/,
    );
  });

  it("judges what it played", async () => {
    const file = path.join(folder, "played.jsonl");
    writeFileSync(file, `${JSON.stringify({ id: "played", goal: "MRR", max_turns: 1 })}\n`);
    await queue({ json: { message: "What is our total MRR?" } }, goal("yes"), { ...goal("yes"), keep: true });
    const args = ["--scenarios", file, "--url", stack.url, "--model-url", `${stack.sandbox.url}/v1`, "--model", "judge"]; // prettier-ignore
    const text = await simulateAll({}, process.cwd(), folder, simulateOptions(args));
    expect(text).toContain("| played | 1 | revenue_genie |");
    expect(text).toMatch(
      /\| goal_reached \| [0-9a-f]{12} \| 100\.0 % of 1 \| 0 \| no labels \| uncalibrated \(0 of 50 labels\) \|/,
    );
  });

  it("says what is missing where users are to be played and no model is named", async () => {
    await expect(
      simulateAll({}, process.cwd(), folder, simulateOptions(["--url", stack.url])),
    ).rejects.toThrow(
      "No model judges: set models.judge in the configuration, or give --model-url and --model",
    );
  });
});

describe("npm run evals -- distil", () => {
  it("makes a scenario of each session, without its secrets, once", async () => {
    const secret = "dapi0123456789abcdef0123456789abcdef";
    const thread = { custom_inputs: { thread_id: "to-distil" } };
    await stack.ask({ input: `What is our total MRR? My key is ${secret}`, ...thread });
    await stack.ask({ input: "And by region?", ...thread });
    const out = path.join(folder, "sessions.jsonl");
    const env = {
      ORCHESTRATOR_DB: path.join(stack.folder, "orchestrator.db"),
      SANDBOX_URL: stack.sandbox.url,
    };
    const distilled = () => distilAll(env, process.cwd(), distilOptions(["--out", out]));
    expect(await distilled()).toMatch(/, [1-9]\d* new ones in /);
    expect(await distilled()).toContain(", 0 new ones in ");
    const session = readScenarios(out).find(({ turns }) => turns?.[0]?.includes("My key is"))!;
    expect(session.turns).toEqual(["What is our total MRR? My key is [redacted]", "And by region?"]);
    expect(session.max_turns).toBe(2);
  });

  it("lets a model say who the user was", async () => {
    const out = path.join(folder, "read.jsonl");
    const env = {
      ORCHESTRATOR_DB: path.join(stack.folder, "orchestrator.db"),
      SANDBOX_URL: stack.sandbox.url,
    };
    await queue({ keep: true, json: { goal: "Know the MRR", persona: "A director", guidelines: ["Terse"] } });
    await distilAll(env, process.cwd(), distilOptions(["--out", out, "--model-url", `${stack.sandbox.url}/v1`, "--model", "m"])); // prettier-ignore
    expect(readScenarios(out)[0]).toMatchObject({
      goal: "Know the MRR",
      persona: "A director",
      guidelines: ["Terse"],
    });
  });
});
