/** What operators and users see of a backend in trouble: `/ready`, `/metrics`, and progress while a question waits. */
import { afterEach, expect, it } from "vitest";
import { overlay } from "../tracing/overlay.ts";
import { planOf } from "./given-plan.ts";
import { startStack, type Stack } from "./stack.ts";

let stack: Stack;
afterEach(() => stack.close());

it("shows an open breaker and failures by code in /ready and /metrics", async () => {
  const policy = { breaker_failures: 2, retries: 0, breaker_reset_ms: 60_000 };
  stack = await startStack(overlay({ backends: [{ name: "policy_assistant", policy }] }));
  await stack.admin("faults", { endpoint: "ka", fault: { kind: "status", status: 500 } });
  const plan = planOf([{ backend: "policy_assistant", question: "What is our refund policy?" }]);
  const statuses: number[] = [];
  for (let at = 0; at < 3; at += 1)
    statuses.push((await stack.ask({ input: "Refunds?", custom_inputs: { plan } })).status);
  expect(statuses).toEqual([502, 502, 502]);
  expect((await stack.calls()).filter(({ endpoint }) => endpoint === "ka")).toHaveLength(2);
  const ready = (await (await fetch(`${stack.url}/ready`)).json()) as { status: string; backends: object[] };
  expect(ready.status).toBe("degraded");
  expect(ready.backends).toContainEqual({
    name: "policy_assistant",
    kind: "knowledge_assistant",
    ready: false,
    state: "down",
    breaker: "open",
    message: "It failed repeatedly; it is tried again shortly.",
    traffic: { active: 0, waiting: 0, failures: { server_error: 2 } },
  });
  const metrics = await (await fetch(`${stack.url}/metrics`)).text();
  for (const line of [
    'orchestrator_backend_breaker_state{backend="policy_assistant",kind="knowledge_assistant"} 2',
    'orchestrator_backend_breaker_state{backend="revenue_genie",kind="genie"} 0',
    'orchestrator_backend_waiting{backend="policy_assistant",kind="knowledge_assistant"} 0',
    'orchestrator_backend_failures{backend="policy_assistant",code="server_error"} 2',
  ])
    expect(metrics.split("\n")).toContain(line);
});

it("tells the user that a Genie question waits for its turn, and for how long", async () => {
  stack = await startStack(overlay({ backends: [{ name: "revenue_genie", questions_per_minute: 1 }] }));
  const plan = planOf([{ backend: "revenue_genie", question: "What is the MRR by region?" }]);
  expect((await stack.ask({ input: "MRR?", custom_inputs: { plan } })).status).toBe(200);
  const leave = new AbortController();
  const reply = await fetch(`${stack.url}/responses`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-orchestrator-events": "1" },
    body: JSON.stringify({ input: "MRR?", stream: true, custom_inputs: { plan } }),
    signal: AbortSignal.any([leave.signal, AbortSignal.timeout(20_000)]),
  });
  let heard = "";
  const waits = /takes only so many Genie questions per minute; this one is sent in \d+ s\./;
  for await (const piece of reply.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    heard += piece;
    if (waits.test(heard)) break;
  }
  leave.abort();
  expect(heard).toMatch(waits);
});
