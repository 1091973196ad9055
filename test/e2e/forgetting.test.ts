import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startStack, textOf, type Stack } from "./stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

async function call(method: string, path: string): Promise<{ status: number; text: string }> {
  const reply = await fetch(`${stack.url}${path}`, { method });
  return { status: reply.status, text: await reply.text() };
}

it("removes the trace of a response together with it", async () => {
  const { body } = await stack.ask({
    input: "How many active customers do we have in Germany, dear Quokka?",
  });
  await vi.waitFor(
    async () => expect((await call("GET", `/traces/${body.id}`)).text).toContain("Quokka"),
    10_000,
  );
  expect((await call("DELETE", `/responses/${body.id}`)).status).toBe(200);
  expect((await call("GET", `/traces/${body.id}`)).status).toBe(404);
  expect((await call("GET", `/responses/${body.id}`)).status).toBe(404);
});

it("no longer answers from a conversation that was deleted", async () => {
  const created = await fetch(`${stack.url}/conversations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const { id } = (await created.json()) as { id: string };
  await stack.ask({ input: "How many active customers do we have in EMEA?", conversation: id });
  const before = await stack.ask({ input: "And by segment?", conversation: id });
  expect(textOf(before.body)).toContain("EMEA");
  expect((await call("DELETE", `/conversations/${id}`)).status).toBe(200);
  const after = await stack.ask({ input: "And by segment?", custom_inputs: { thread_id: id } });
  expect(textOf(after.body)).not.toContain("EMEA");
});

it("goes on from the text of a response whose conversation was deleted", async () => {
  const created = await fetch(`${stack.url}/conversations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const { id } = (await created.json()) as { id: string };
  const { body } = await stack.ask({
    input: "How many active customers do we have in EMEA?",
    conversation: id,
  });
  expect((await call("DELETE", `/conversations/${id}`)).status).toBe(200);
  const after = await stack.ask({ input: "And by segment?", previous_response_id: body.id });
  expect(after.status).toBe(200);
  expect(textOf(after.body)).toContain("EMEA");
});

it("can be told again to delete a conversation when nobody waited for a run that goes on in it", async () => {
  const headers = { "content-type": "application/json" };
  const created = await fetch(`${stack.url}/conversations`, { method: "POST", headers, body: "{}" });
  const { id } = (await created.json()) as { id: string };
  await stack.ask({ input: "How many active customers do we have in EMEA?", conversation: id });
  await stack.admin("faults", { endpoint: "ka", fault: { kind: "hang" } });
  const input = "What does our retention playbook say about late renewals?";
  await stack.forgetCalls();
  const leave = new AbortController();
  const body = JSON.stringify({ input, conversation: id });
  const running = fetch(`${stack.url}/responses`, {
    method: "POST",
    headers,
    body,
    signal: leave.signal,
  }).catch((error: unknown) => error);
  await vi.waitFor(async () => expect((await stack.calls()).map(({ endpoint }) => endpoint)).toContain("ka"));
  const path = `${stack.url}/conversations/${id}`;
  await expect(fetch(path, { method: "DELETE", signal: AbortSignal.timeout(300) })).rejects.toThrow(
    "timeout",
  );
  // The server has to hear of it before the run ends.
  await sleep(200);
  leave.abort();
  await running;
  await stack.admin("reset", {});
  expect((await call("DELETE", `/conversations/${id}`)).status).toBe(200);
  expect((await call("GET", `/threads/${id}`)).status).toBe(404);
  expect((await call("GET", `/conversations/${id}`)).status).toBe(404);
}, 20_000);

it("cancels what runs in the background in a conversation that is deleted", async () => {
  const created = await fetch(`${stack.url}/conversations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  const { id } = (await created.json()) as { id: string };
  await stack.admin("faults", { endpoint: "ka", fault: { kind: "hang" } });
  const input = "What does our retention playbook say about late renewals?";
  const { body } = await stack.ask({ input, conversation: id, background: true });
  expect((await call("DELETE", `/conversations/${id}`)).status).toBe(200);
  await stack.admin("reset", {});
  expect(JSON.parse((await call("GET", `/responses/${body.id}`)).text)).toMatchObject({
    status: "cancelled",
  });
}, 20_000);

it("leaves no byte of a deleted thread in the files of the database", async () => {
  const input = "How many active customers do we have in Germany, dear Ocelot?";
  const { body } = await stack.ask({ input, custom_inputs: { thread_id: "secret" } });
  await stack.ask({ input: "And in France, Ocelot?", custom_inputs: { thread_id: "secret" } });
  await vi.waitFor(
    async () => expect((await call("GET", `/traces/${body.id}`)).text).toContain("Ocelot"),
    10_000,
  );
  expect(bytesWith("Ocelot")).toBeGreaterThan(10);
  expect((await call("DELETE", "/threads/secret")).status).toBe(200);
  expect(bytesWith("Ocelot")).toBe(0);
});

/** How often the word stands in the files, deleted or not. */
function bytesWith(word: string): number {
  const files = readdirSync(stack.folder).filter((name) => name.startsWith("orchestrator.db"));
  return files.reduce(
    (sum, name) => sum + readFileSync(join(stack.folder, name)).toString("latin1").split(word).length - 1,
    0,
  );
}
