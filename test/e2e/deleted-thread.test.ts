/** What is at work on a thread, or waits for it, while the thread is deleted. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createStore } from "../../store/create-store.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import type { Store } from "../../store/store.ts";
import { startStack, type ResponseBody, type Stack } from "./stack.ts";

const POLICY = "What does our retention playbook say about late renewals?";
const NUMBER = "How many active customers do we have in Germany?";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
afterEach(() => stack.admin("reset", {}));

async function call(method: string, path: string): Promise<number> {
  const reply = await fetch(`${stack.url}${path}`, { method });
  await reply.text();
  return reply.status;
}

async function inBackground(thread_id: string, input: string): Promise<ResponseBody> {
  return (await stack.ask({ input, background: true, custom_inputs: { thread_id } })).body;
}

const recordOf = (id: string) => elsewhere((store) => responseOf(store, id));

async function responseOf(store: Store, id: string): Promise<ResponseRecord> {
  const all = await store.responses.since(0, 1_000);
  const record = all.find((one) => one.id === id);
  if (record === undefined) throw new Error("The response was not kept.");
  return record;
}

const statusOf = async (id: string) =>
  ((await (await fetch(`${stack.url}/responses/${id}`)).json()) as { status?: string }).status;

/** Long enough for whatever still wanted to write. */
async function nothingComesBack(thread: string, word: string): Promise<void> {
  await sleep(700);
  expect(await call("GET", `/threads/${thread}`)).toBe(404);
  expect(bytesWith(word)).toBe(0);
}

function bytesWith(word: string): number {
  const files = readdirSync(stack.folder).filter((name) => name.startsWith("orchestrator.db"));
  return files.reduce(
    (sum, name) => sum + readFileSync(join(stack.folder, name)).toString("latin1").split(word).length - 1,
    0,
  );
}

it("ends its runs in the background, the one under way and those behind it", async () => {
  await stack.admin("faults", { endpoint: "ka", fault: { kind: "hang" } });
  const first = await inBackground("t1", `${POLICY} Dear Axolotl!`);
  await expect.poll(() => statusOf(first.id)).toBe("in_progress");
  const second = await inBackground("t1", `${NUMBER} Dear Axolotl!`);
  expect(await call("DELETE", "/threads/t1")).toBe(200);
  expect([await call("GET", `/responses/${first.id}`), await call("GET", `/responses/${second.id}`)]).toEqual(
    [404, 404],
  );
  await nothingComesBack("t1", "Axolotl");
  expect((await stack.calls()).filter(({ endpoint }) => endpoint.startsWith("genie"))).toEqual([]);
}, 20_000);

it("lets nothing stay of a request that waited for one of them", async () => {
  await stack.ask({ input: `${NUMBER} Dear Wombat!`, custom_inputs: { thread_id: "t2" } });
  await stack.admin("faults", { endpoint: "ka", fault: { kind: "hang" } });
  const first = await inBackground("t2", `${POLICY} Dear Wombat!`);
  await expect.poll(() => statusOf(first.id)).toBe("in_progress");
  const waiting = stack.ask({ input: "And in France, Wombat?", custom_inputs: { thread_id: "t2" } });
  await sleep(100);
  const deleted = await call("DELETE", "/threads/t2");
  expect((await waiting).status).toBe(200);
  // Whoever waits gets the thread first, and has ended with it or holds it up.
  const again = deleted === 409 ? await call("DELETE", "/threads/t2") : deleted;
  expect(again).toBe(200);
  await nothingComesBack("t2", "Wombat");
}, 20_000);

/** As another process of the server would. */
async function elsewhere<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await createStore(stack.running.config.persistence, { env: {} });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

it("is not begun anew by what waited for it while another process deleted it", async () => {
  const { body } = await stack.ask({
    input: `${NUMBER} Dear Ibex!`,
    custom_inputs: { thread_id: "t5" },
  });
  const { thread_id, owner } = await recordOf(body.id);
  const [reply, run] = await elsewhere(async (store) => {
    const signal = AbortSignal.timeout(10_000);
    const held = await store.withThread(thread_id, { wait: true, signal }, async () => {
      const foreground = stack.ask({ input: "And in France, Ibex?", custom_inputs: { thread_id: "t5" } });
      const background = await inBackground("t5", "And in Spain, Ibex?");
      await expect.poll(() => statusOf(background.id)).toBe("in_progress");
      await sleep(300);
      await store.deleteThread(owner, thread_id);
      return [foreground, background] as const;
    });
    if (!held.locked) throw new Error("The thread was not free.");
    return [await held.value[0], held.value[1]] as const;
  });
  expect([reply.status, reply.body.error?.code]).toEqual([404, "not_found"]);
  expect(await call("GET", `/responses/${run.id}`)).toBe(404);
  await sleep(700);
  expect(await call("GET", "/threads/t5")).toBe(404);
}, 20_000);

it("is kept, with 409, like the response, when a run of it does not end", async () => {
  const { body } = await stack.ask({ input: NUMBER, custom_inputs: { thread_id: "t6" } });
  const { thread_id, owner } = await recordOf(body.id);
  const run = { id: "f".repeat(32), owner, thread_id, response_id: `resp_${"f".repeat(32)}` };
  await elsewhere(async (store) => {
    const response = {
      ...(await responseOf(store, body.id)),
      id: run.response_id,
      body: { background: true },
    };
    const queued = { ...run, needs_owner: false, request: {}, created_at: Date.now() };
    await store.beginRun({ response, run: queued, key: null });
    const lease = await store.runs.claim(run.id);
    const ends = [call("DELETE", "/threads/t6"), call("DELETE", `/responses/${run.response_id}`)];
    expect(await Promise.all(ends)).toEqual([409, 409]);
    expect(await call("GET", "/threads/t6")).toBe(200);
    expect((await store.runs.get(owner, run.id))?.cancel_requested).toBe(true);
    await lease?.finish("cancelled");
  });
  expect(await call("DELETE", "/threads/t6")).toBe(200);
}, 20_000);

it("keeps a trace from arriving behind it", async () => {
  await stack.ask({ input: `${NUMBER} Dear Narwhal!`, custom_inputs: { thread_id: "t3" } });
  expect(await call("DELETE", "/threads/t3")).toBe(200);
  await sleep(2_000);
  await nothingComesBack("t3", "Narwhal");
}, 20_000);

it("takes a what-if along that is under way", async () => {
  const { body } = await stack.ask({ input: `${POLICY} Dear Quetzal!`, custom_inputs: { thread_id: "t4" } });
  await stack.admin("faults", { endpoint: "ka", fault: { kind: "latency", ms: 1_000 } });
  const plan = body.custom_outputs.plan as { steps: { question: string }[] };
  const again = {
    ...plan,
    steps: plan.steps.map((step) => ({ ...step, question: `${step.question} Now!` })),
  };
  const reroute = fetch(`${stack.url}/responses/${body.id}/reroute`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ plan: again }),
  });
  await expect
    .poll(async () => (await stack.calls()).filter(({ endpoint }) => endpoint === "ka").length)
    .toBe(2);
  expect(await call("DELETE", "/threads/t4")).toBe(409);
  expect((await reroute).status).toBe(200);
  expect(await call("DELETE", "/threads/t4")).toBe(200);
  await nothingComesBack("t4", "Quetzal");
}, 20_000);
