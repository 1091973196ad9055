/** The gate: a worsened router and a worsened prompt fail it, an unchanged router passes every time. */
import { beforeAll, describe, expect, it } from "vitest";
import type { ChatMessage, ChatModel } from "../../backends/chat-model.ts";
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import type { OrchestratorConfig } from "../../config/schema.ts";
import { readDataset, type Case } from "../../evals/case.ts";
import { decideBaselineCases, readBaseline } from "../../evals/routing-gate/baseline.ts";
import { decideCases, type DecidedCase } from "../../evals/routing-gate/decide-cases.ts";
import { gateRouting } from "../../evals/routing-gate/gate.ts";
import { PLANNER_PROMPT } from "../../routing/llm/prompt.ts";

const read = readConfigFiles({ ORCHESTRATOR_CONFIG: "config/sandbox.yaml" }, process.cwd());
const config = loadConfig({ SANDBOX_URL: "http://127.0.0.1:9" }, read.files);
const baseline = readBaseline();
let now: DecidedCase[];

beforeAll(async () => {
  now = await decideBaselineCases(process.cwd());
}, 60_000);

describe("the gate on the router", () => {
  it("holds the router against the committed baseline", () => {
    expect(gateRouting(baseline, now)).toMatchObject({ passed: true });
    expect(baseline.length).toBeGreaterThanOrEqual(200);
  });

  it("passes an unchanged router 20 times out of 20", async () => {
    const some = dev().slice(0, 25);
    const first = await decideCases(config, some);
    for (let round = 0; round < 20; round += 1) {
      const again = await decideCases(config, some);
      expect(again).toEqual(first);
      expect(gateRouting(first, again).passed).toBe(true);
    }
  }, 60_000);

  it("fails a router that learned two backends' topics the wrong way round", async () => {
    const result = gateRouting(baseline, await decideCases(swapped(config), dev()));
    expect(result.passed).toBe(false);
    expect(result.lost.length).toBeGreaterThan(20);
  }, 60_000);

  it("fails when questions of the baseline are asked no more, however right the others are", () => {
    expect(gateRouting(baseline, []).passed).toBe(false);
    const some = gateRouting(baseline, baseline.slice(1));
    expect(some).toMatchObject({ passed: false, gone: [baseline[0]?.id] });
  });

  it("knows every question that it could hold", () => {
    expect(now.map(({ id }) => id).sort()).toEqual(baseline.map(({ id }) => id).sort());
  });
});

describe("the gate on the planner's prompt", () => {
  const planned = (prompt: (text: string) => string) => {
    const routing = { ...config.routing, tiers: { ...config.routing.tiers, local: false, small: false } };
    const planner = obedientModel(prompt);
    return decideCases({ ...config, routing }, singles(), { models: { router: null, planner } });
  };

  it("passes the prompt as it is and fails one without its rule of few steps", async () => {
    const before = await planned((text) => text);
    expect(before.filter(({ plan }) => plan.exact).length).toBe(before.length);
    expect(gateRouting(before, await planned((text) => text)).passed).toBe(true);
    const worse = await planned((text) => text.replace(/- Use as few steps[^\n]*\n/, ""));
    expect(gateRouting(before, worse).passed).toBe(false);
  }, 60_000);

  it("is about a rule that stands in the prompt", () => {
    expect(PLANNER_PROMPT).toContain("Use as few steps as answer the whole question.");
  });
});

function dev(): Case[] {
  return ["routing", "tuning"]
    .flatMap((name) => readDataset(`evals/datasets/${name}.jsonl`))
    .filter(({ split }) => split === "dev");
}

function singles(): Case[] {
  return dev()
    .filter(
      ({ expect: { kind, backends }, input }) =>
        input !== undefined && kind === "plan" && backends.length === 1,
    )
    .slice(0, 60);
}

function swapped(given: OrchestratorConfig): OrchestratorConfig {
  const [a, b] = given.backends.filter(({ name }) => ["churn_model", "retention_agent"].includes(name));
  const taught = (backend: typeof a & object, by: typeof a & object) => ({
    ...backend,
    topics: by.topics,
    examples: by.examples,
    description: by.description,
  });
  const backends = given.backends.map((backend) =>
    backend === a ? taught(a, b!) : backend === b ? taught(b, a!) : backend,
  );
  return { ...given, backends };
}

/** Knows the right backend; asks it alone where the prompt it is given says so, else everybody. */
function obedientModel(prompt: (text: string) => string): ChatModel {
  const right = new Map(singles().map(({ input, expect: { backends } }) => [input, backends[0]!]));
  const everybody = config.backends.map(({ name }) => name);
  const answer: ChatModel["complete"] = async ({ messages }) => {
    const system = prompt(textOf(messages[0]));
    const question = /"question": "((?:[^"\\]|\\.)*)"\n\}\n<\/data>/.exec(textOf(messages[1]))?.[1] ?? "";
    const asked = JSON.parse(`"${question}"`) as string;
    const backends = system.includes("Use as few steps") ? [right.get(asked)!] : everybody;
    const steps = backends.map((backend, i) => ({ id: `s${i + 1}`, backend, question: asked }));
    const text = JSON.stringify({ kind: "plan", steps, confidence: 0.9 });
    return { text, tool_calls: [], finish_reason: "stop", usage: null, model: "obedient" };
  };
  return { name: "obedient", complete: answer, stream: answer, close: async () => {} };
}

function textOf(message: ChatMessage | undefined): string {
  return typeof message?.content === "string" ? message.content : "";
}
