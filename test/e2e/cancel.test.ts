/** Stopping a background run reaches the backends: nothing is asked any more once its end was told. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { checkStream } from "../server/stream-checker.ts";
import { startStack, type Stack } from "./stack.ts";

const WAIT_MS = 400;
const QUESTION = "What is the MRR by region?";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(async () => {
  await stack.admin("faults", undefined, "DELETE");
  await stack.forgetCalls();
});
afterAll(() => stack.close());

/** Calls to Genie so far, polling included. */
async function asked(): Promise<number> {
  return (await stack.calls()).filter((call) => call.endpoint === "genie_mcp").length;
}

/** Begins a run whose backend lets it wait before it is polled, and waits until it is asked. */
async function begun(): Promise<string> {
  await stack.admin("faults", {
    endpoint: "genie_mcp",
    fault: { kind: "latency", ms: WAIT_MS },
    match: { body: "query_space" },
  });
  const { body } = await stack.ask({ input: QUESTION, background: true });
  await vi.waitFor(async () => expect(await asked()).toBeGreaterThan(0), { timeout: 5_000 });
  return body.id;
}

describe("a background run that waits for its backend", () => {
  it.each([
    ["cancelled", "POST", "/cancel"],
    ["deleted", "DELETE", ""],
  ])("stops asking when it is %s", async (state, method, path) => {
    const id = await begun();
    const following = fetch(`${stack.url}/responses/${id}?stream=true`).then((reply) => reply.text());
    const reply = await fetch(`${stack.url}/responses/${id}${path}`, { method });
    expect(reply.status).toBe(200);
    const { response } = checkStream(await following);
    expect(response.status).toBe("cancelled");
    const before = await asked();
    await sleep(2 * WAIT_MS);
    expect(await asked()).toBe(before);
    const now = await fetch(`${stack.url}/responses/${id}`);
    expect(now.status).toBe(state === "deleted" ? 404 : 200);
  });
});
