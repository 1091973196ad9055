import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overlay } from "../tracing/overlay.ts";
import { startStack, textOf, type ResponseBody, type Stack } from "./stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack(
    overlay({
      budgets: { approval_over_usd: 1, approval_below_confidence: 0.5 },
      backends: [{ name: "retention_agent", cost_per_call_usd: 2 }],
    }),
  );
});
afterAll(() => stack.close());

interface Asked extends ResponseBody {
  custom_outputs: ResponseBody["custom_outputs"] & { approvals: { id: string; reason: string }[] };
}

async function ask(backend: string, confidence: number): Promise<Asked> {
  const steps = [{ id: "s1", backend, question: "What about refunds?", confidence }];
  const plan = { kind: "plan", steps, decision: { tier: "given" } };
  const custom_inputs = { thread_id: `${backend} ${confidence}`, plan };
  const { body } = await stack.ask({ input: "What about refunds?", custom_inputs });
  return body as Asked;
}

async function callsOf(endpoint: string): Promise<number> {
  return (await stack.calls()).filter((call) => call.endpoint === endpoint && call.method === "POST").length;
}

describe("a person is asked before", () => {
  it.each([
    ["retention_agent", 1, "app", "The plan costs 2 USD, above the limit of 1 USD."],
    ["policy_assistant", 0.3, "ka", "The plan is not sure that policy_assistant is right."],
  ])("%s with confidence %d is called", async (backend, confidence, endpoint, reason) => {
    await stack.forgetCalls();
    const asked = await ask(backend, confidence);
    expect(asked.custom_outputs.approvals).toMatchObject([{ reason }]);
    expect(await callsOf(endpoint)).toBe(0);
    const word = {
      type: "mcp_approval_response",
      approval_request_id: asked.custom_outputs.approvals[0]?.id,
      approve: true,
    };
    const { body } = await stack.ask({
      input: [word],
      custom_inputs: { thread_id: `${backend} ${confidence}` },
    });
    expect(body.status).toBe("completed");
    expect(textOf(body)).not.toContain("What is missing");
    expect(await callsOf(endpoint)).toBe(1);
  });

  it("nobody, when the plan is cheap and sure", async () => {
    await stack.forgetCalls();
    expect((await ask("policy_assistant", 0.9)).custom_outputs.approvals ?? []).toEqual([]);
    expect(await callsOf("ka")).toBe(1);
  });
});
