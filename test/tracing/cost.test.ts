import { afterEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { explanation } from "../../tracing/explanation.ts";
import type { SpanRecord } from "../../tracing/span-record.ts";
import { startStack, textOf, type Stack } from "../e2e/stack.ts";

let stack: Stack;
afterEach(() => stack.close());

/** The sandbox's configuration with a price for each of these backends. */
async function priced(prices: Record<string, number>, budgets: object): Promise<Stack> {
  const config = parse(readFileSync("config/sandbox.yaml", "utf8")) as { backends: { name: string }[] };
  const backends = config.backends.map((backend) => ({
    ...backend,
    cost_per_call_usd: prices[backend.name],
  }));
  const path = join(mkdtempSync(join(tmpdir(), "orchestrator-cost-")), "config.yaml");
  writeFileSync(path, stringify({ ...config, backends, budgets }));
  return startStack({ ORCHESTRATOR_CONFIG: path });
}

const plan = (first: string, second: string) => ({
  kind: "plan",
  steps: [
    { id: "s1", backend: first, question: "What does the retention playbook say about low usage?" },
    { id: "s2", backend: second, question: "Which enterprise customers in EMEA are most likely to churn next quarter?", depends_on: ["s1"] },
  ],
  decision: { tier: "given" },
}); // prettier-ignore

interface Outputs {
  cost: { usd: number | null; known_usd: number; unpriced: number };
  missing: { backend: string; code: string; reason: string }[];
}

describe("cost", () => {
  it("stays unknown as a whole when one price is unknown", async () => {
    stack = await priced({ policy_assistant: 0.02 }, {});
    const { body } = await stack.ask({
      input: "q",
      custom_inputs: { plan: plan("policy_assistant", "churn_model") },
    });
    expect((body.custom_outputs as object as Outputs).cost).toEqual({
      usd: null,
      known_usd: 0.02,
      unpriced: 1,
    });
  });

  it("ends a request that has used up its budget with what is there, and says what was not asked", async () => {
    stack = await priced({ policy_assistant: 0.02, churn_model: 0.02 }, { max_cost_usd: 0.03 });
    const { status, body } = await stack.ask({
      input: "q",
      custom_inputs: { plan: plan("policy_assistant", "churn_model") },
    });
    expect(status).toBe(200);
    expect(body.status).toBe("completed");
    const { cost, missing } = body.custom_outputs as object as Outputs;
    expect(cost).toEqual({ usd: 0.02, known_usd: 0.02, unpriced: 0 });
    expect(missing).toEqual([
      {
        step: "s2",
        backend: "churn_model",
        code: "budget",
        reason: "Not asked: it costs 0.02 USD, more than is left of the budget.",
      },
    ]);
    expect(textOf(body)).toContain("low usage");
    const metrics = await (await fetch(`${stack.url}/metrics`)).text();
    expect(metrics).toContain('orchestrator_budget_stops_total{budget="request"} 1');
    expect(metrics).toContain('orchestrator_cost_usd_total{node="policy_assistant"} 0.02');
    const reply = await fetch(`${stack.url}/traces/${body.id}`);
    const { spans } = (await reply.json()) as { spans: SpanRecord[] };
    const told = explanation(spans);
    expect(told).toMatch(/s1 {2}policy_assistant: ok, .*, 0\.020000 USD/);
    expect(told).toContain("without churn_model");
  });

  it("answers no further question of a user whose day is spent, over a restart", async () => {
    stack = await priced({ policy_assistant: 0.02 }, { max_cost_usd_per_user_per_day: 0.02 });
    expect((await stack.ask(PLAYBOOK)).status).toBe(200);
    await stack.restart();
    await stack.forgetCalls();
    const { status, body } = await stack.ask(PLAYBOOK);
    expect(status).toBe(429);
    expect(body.error).toMatchObject({
      code: "rate_limit_exceeded",
      message: "The budget of 0.02 USD for one user and day is used up; it starts anew at 00:00 UTC.",
    });
    expect((await stack.calls()).filter((call) => call.endpoint === "ka")).toEqual([]);
  });

  it("counts what a request had spent when its client left", async () => {
    stack = await priced(
      { policy_assistant: 0.02, churn_model: 0.03 },
      { max_cost_usd_per_user_per_day: 0.05 },
    );
    await stack.admin("faults", { endpoint: "churn", fault: { kind: "hang" } });
    const leaving = new AbortController();
    const request = { input: "q", custom_inputs: { plan: plan("policy_assistant", "churn_model") } };
    const gone = asking(request, leaving.signal);
    await until(async () => (await stack.calls()).some((call) => call.endpoint === "churn"));
    leaving.abort();
    await gone;
    // The first step has ended, the second one was on its way: both were paid for.
    await expect
      .poll(async () => (await stack.ask(PLAYBOOK)).body.error?.message, { timeout: 10_000 })
      .toBe("The budget of 0.05 USD for one user and day is used up; it starts anew at 00:00 UTC.");
  });

  it("lets questions at the same time spend a dollar of the day once", async () => {
    stack = await priced({ policy_assistant: 0.02 }, { max_cost_usd_per_user_per_day: 0.04 });
    await stack.admin("faults", { endpoint: "ka", fault: { kind: "hang" } });
    const leaving = new AbortController();
    const under = [asking(PLAYBOOK, leaving.signal), asking(PLAYBOOK, leaving.signal)];
    await until(async () => (await stack.calls()).filter((call) => call.endpoint === "ka").length >= 2);
    const third = await stack.ask(PLAYBOOK);
    expect(third.status).toBe(429);
    expect(third.body.error?.message).toBe(
      "The budget of 0.04 USD for one user and day is held by questions under way; ask again when they have ended.",
    );
    leaving.abort();
    await Promise.all(under);
  });
});

const PLAYBOOK = { input: "@policy_assistant What does the retention playbook say about low usage?" };

/** Ends when the client leaves. */
async function asking(request: object, signal: AbortSignal): Promise<void> {
  const body = JSON.stringify(request);
  const headers = { "content-type": "application/json" };
  await fetch(`${stack.url}/responses`, { method: "POST", headers, body, signal }).catch(() => null);
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (const late = Date.now() + 10_000; !(await what());) {
    if (Date.now() > late) throw new Error("It did not happen.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
