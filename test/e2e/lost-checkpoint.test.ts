/** A run that waits for its thread may find that the checkpoint which it names went meanwhile. */
import { Client } from "@langchain/langgraph-sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { overlay } from "../tracing/overlay.ts";
import { startStack, type Stack } from "./stack.ts";

const QUESTION = "What is the MRR by region?";
const POLICY = "What does our retention playbook say about late renewals?";

let stack: Stack;
beforeAll(async () => {
  const persistence = { retention: { checkpoint_turns: 1 } };
  stack = await startStack(overlay({ server: { langgraph_api: true }, persistence }));
});
afterAll(() => stack.close());

it("is refused, and the thread stays as it is", async () => {
  const client = new Client({
    apiUrl: `${stack.url}/langgraph`,
    apiKey: null,
    callerOptions: { maxRetries: 0 },
  });
  const { thread_id } = await client.threads.create();
  await client.runs.wait(thread_id, "orchestrator", { input: { question: QUESTION } });
  const [, , verified] = await client.threads.getHistory(thread_id, { limit: 3 });
  const checkpointId = verified?.checkpoint.checkpoint_id ?? "";
  await stack.admin("faults", { endpoint: "ka", fault: { kind: "latency", ms: 600 }, times: 1 });
  const before = client.runs.wait(thread_id, "orchestrator", { input: { question: POLICY } });
  await expect.poll(async () => (await client.threads.get(thread_id)).status).toBe("busy");
  const behind = client.runs.wait(thread_id, "orchestrator", {
    input: { question: QUESTION },
    checkpointId,
    multitaskStrategy: "enqueue",
  });
  await expect(behind).rejects.toThrow(/^invalid_value: The checkpoint .* is gone/);
  await before;
  const { values } = await client.threads.getState(thread_id);
  expect(values).toMatchObject({ question: POLICY, turn: 2 });
});
