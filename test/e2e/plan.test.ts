/** `POST /plan`: a plan with what it will take, edited by a person and sent back in to be run. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overlay } from "../tracing/overlay.ts";
import { startStack, textOf, type Stack } from "./stack.ts";

const QUESTION = "What is the MRR by region?";

let stack: Stack;
beforeAll(async () => {
  const model = { base_url: "${SANDBOX_URL}/v1", model: "sandbox-model" };
  stack = await startStack(overlay({ models: { router: model }, routing: { tiers: { small: false } } }));
});
afterAll(() => stack.close());

interface Planned {
  plan: {
    steps: {
      id: string;
      backend: string;
      question: string;
      depends_on: string[];
      rejected: { backend: string; reason: string }[];
    }[];
  };
  expected: { latency_ms: number | null; cost_usd: number | null; unmeasured: string[] };
  backends: { name: string; identity: string; measured: { calls: number; p50_ms: number } | null }[];
}

async function plan(input: string): Promise<Planned> {
  const reply = await fetch(`${stack.url}/plan`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input }),
  });
  return (await reply.json()) as Planned;
}

describe("POST /plan", () => {
  it("asks nobody, and expects nothing before something was measured", async () => {
    await stack.forgetCalls();
    const planned = await plan(QUESTION);
    expect(planned.plan.steps.map((step) => step.backend)).toEqual(["revenue_genie"]);
    expect(planned.plan.steps[0]?.question).toBe(QUESTION);
    expect(planned.expected).toEqual({ latency_ms: null, cost_usd: null, unmeasured: ["revenue_genie"] });
    expect(planned.backends[0]).toMatchObject({ name: "revenue_genie", identity: "app", measured: null });
    expect((await stack.calls()).filter((call) => call.endpoint === "genie_mcp")).toEqual([]);
  });

  it("gives the order, each step's own question, and why the others were not taken", async () => {
    const { plan: planned } = await plan(
      "Total MRR by region in Q3 2026, and what does the discount policy allow?",
    );
    expect(planned.steps.map(({ backend, question, depends_on }) => [backend, question, depends_on])).toEqual(
      [
        ["revenue_genie", "Total MRR by region in Q3 2026", []],
        ["policy_assistant", "What does the discount policy allow?", []],
      ],
    );
    const others = planned.steps.map(({ rejected }) => rejected.map(({ backend }) => backend).toSorted());
    expect(others).toEqual([
      ["churn_model", "policy_assistant", "retention_agent"],
      ["churn_model", "retention_agent", "revenue_genie"],
    ]);
    expect(planned.steps[0]?.rejected[0]?.reason).toMatch(/^Fits less well than revenue_genie \(/);
  });

  it("expects what was measured", async () => {
    await stack.ask({ input: QUESTION });
    const { expected, backends } = await plan(QUESTION);
    expect(backends[0]?.measured?.calls).toBe(1);
    expect(expected.latency_ms).toBe(backends[0]?.measured?.p50_ms);
    expect(expected.unmeasured).toEqual([]);
  });

  it("is run as a person edited it", async () => {
    const planned = await plan(QUESTION);
    const steps = planned.plan.steps.map((step) => ({ ...step, question: "What is the MRR by segment?" }));
    const edited = { ...planned.plan, steps };
    const { body } = await stack.ask({ input: QUESTION, custom_inputs: { plan: edited } });
    expect(body.custom_outputs.plan?.steps[0]?.question).toBe("What is the MRR by segment?");
    expect(textOf(body)).toContain("Enterprise");
  });

  it.each([
    ["an unknown backend", { backend: "nobody" }, "custom_inputs.plan.steps[0].backend"],
    ["a step that waits for itself", { depends_on: ["s1"] }, "custom_inputs.plan"],
    ["a step that waits for none", { depends_on: ["s9"] }, "custom_inputs.plan"],
  ])("is refused when it was edited into %s", async (_name, change, param) => {
    const planned = await plan(QUESTION);
    const steps = planned.plan.steps.map((step) => ({ ...step, ...change }));
    const { status, body } = await stack.ask({
      input: QUESTION,
      custom_inputs: { plan: { ...planned.plan, steps } },
    });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: "invalid_value", param });
  });
});

describe("a chat title", () => {
  it("is written by the model that routes, and cut from the words without it", async () => {
    await stack.admin("model/queue", { text: "Revenue per region" });
    const title = async () => textOf((await stack.ask({ model: "title-model", input: QUESTION })).body);
    expect(await title()).toBe("Revenue per region");
    await stack.admin("model/queue", { status: 500, keep: true });
    expect(await title()).toBe("What is the MRR by region");
  });
});
