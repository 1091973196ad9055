/** Limits of money hold for whatever way a step is started over LangGraph's API. */
import { Client } from "@langchain/langgraph-sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { overlay } from "../tracing/overlay.ts";
import { planOf } from "./given-plan.ts";
import { startStack, type Stack } from "./stack.ts";

const POLICY = "What does our retention playbook say about late renewals?";
const WITHIN = { question: POLICY, options: { backends: ["policy_assistant"] } };

interface Values {
  [key: string]: unknown;
  findings: { backend: string; status: string; error: { code: string } | null }[];
}

const codes = ({ findings }: Values) => findings.map(({ backend, error }) => [backend, error?.code]);
const asked = async (stack: Stack) =>
  (await stack.calls()).filter(({ endpoint }) => endpoint === "ka").length;

function clientOf(stack: Stack, user = "ada"): Client<Values> {
  return new Client<Values>({
    apiUrl: `${stack.url}/langgraph`,
    apiKey: null,
    defaultHeaders: { "x-forwarded-access-token": `user-${user}` },
    callerOptions: { maxRetries: 0 },
  });
}

describe("the budget of a request", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack(
      overlay({
        server: { langgraph_api: true },
        budgets: { max_cost_usd: 0.5 },
        backends: [{ name: "policy_assistant", cost_per_call_usd: 1 }],
      }),
    );
  });
  afterAll(() => stack.close());

  it("is not passed by through a state that `dispatch` would have written", async () => {
    const client = clientOf(stack);
    const { thread_id } = await client.threads.create();
    const input = WITHIN;
    await client.runs.wait(thread_id, "orchestrator", { input, interruptBefore: ["dispatch"] });
    await client.threads.updateState(thread_id, { values: { summary: "x" }, asNode: "dispatch" });
    expect((await client.threads.getState(thread_id)).next).toEqual(["policy_assistant"]);
    const values = (await client.runs.wait(thread_id, "orchestrator", { input: null })) as Values;
    expect([await asked(stack), codes(values)]).toEqual([0, [["policy_assistant", "budget"]]]);
  });
});

describe("the budget of a day", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack(
      overlay({
        server: { langgraph_api: true },
        budgets: { max_cost_usd_per_user_per_day: 2.5 },
        backends: [{ name: "policy_assistant", cost_per_call_usd: 1 }],
      }),
    );
  });
  afterAll(() => stack.close());
  beforeEach(() => stack.forgetCalls());

  it("counts once what was spent before a stop", async () => {
    const client = clientOf(stack);
    const { thread_id } = await client.threads.create();
    const plan = planOf([
      { backend: "policy_assistant", question: POLICY },
      { backend: "policy_assistant", question: "And about early ones?", depends_on: ["s1"] },
    ]);
    const input = { question: POLICY, options: { plan } };
    await client.runs.wait(thread_id, "orchestrator", { input, interruptAfter: ["policy_assistant"] });
    expect(await asked(stack)).toBe(1);
    const values = (await client.runs.wait(thread_id, "orchestrator", { input: null })) as Values;
    expect(codes(values)).toEqual([
      ["policy_assistant", undefined],
      ["policy_assistant", undefined],
    ]);
  });

  it("counts for a step that waited while others spent it", async () => {
    const client = clientOf(stack, "bob");
    const { thread_id } = await client.threads.create();
    const stop = { input: WITHIN, interruptAfter: ["dispatch"] };
    await client.runs.wait(thread_id, "orchestrator", stop);
    for (const _run of [1, 2]) await client.runs.wait(null, "orchestrator", { input: WITHIN });
    expect(await asked(stack)).toBe(2);
    const values = (await client.runs.wait(thread_id, "orchestrator", { input: null })) as Values;
    expect([await asked(stack), codes(values)]).toEqual([2, [["policy_assistant", "budget"]]]);
  });
});
