/** Background runs over real sockets and the real store: detached, logged, resumable, stoppable. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { answerOf, playing, turnResult, twoBackendRun, type Script } from "./scripted-orchestrator.ts";
import { checkStream } from "./stream-checker.ts";
import { post, startTestServer, type TestServer, type TestServerOptions } from "./test-server.ts";

let server: TestServer;
afterEach(() => server.close());

async function start(options: TestServerOptions = {}): Promise<void> {
  server = await startTestServer(options);
}

interface Body {
  id: string;
  status: string;
  background: boolean;
  output: { type: string; content?: { text: string }[] }[];
  error: { code: string } | null;
}

async function begin(body: object = {}): Promise<Body> {
  const reply = await post(`${server.url}/responses`, { input: "q", background: true, ...body });
  expect(reply.status).toBe(200);
  return (await reply.json()) as Body;
}

async function get(id: string, query = ""): Promise<Body> {
  return (await (await fetch(`${server.url}/responses/${id}${query}`)).json()) as Body;
}

async function ended(id: string): Promise<Body> {
  return vi.waitFor(
    async () => {
      const body = await get(id);
      expect(["queued", "in_progress"]).not.toContain(body.status);
      return body;
    },
    { timeout: 5_000, interval: 10 },
  );
}

async function replayed(id: string, after?: number): Promise<string> {
  const query = after === undefined ? "?stream=true" : `?stream=true&starting_after=${after}`;
  return (await fetch(`${server.url}/responses/${id}${query}`)).text();
}

/** Says a word, then waits until it is told to go on or to stop. */
function waiting() {
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  let aborted: unknown;
  const script: Script = async (_input, context) => {
    context.emit({ type: "text", delta: "first " });
    await Promise.race([
      gate,
      new Promise((_resolve, reject) =>
        context.signal.addEventListener("abort", () => {
          aborted = context.signal.reason;
          reject(context.signal.reason as Error);
        }),
      ),
    ]);
    const answer = answerOf("first second");
    context.emit({ type: "text", delta: "second" });
    context.emit({ type: "answer", answer });
    return turnResult({ answer });
  };
  return { script, release: () => release(), aborted: () => aborted };
}

describe("a background response", () => {
  it("is queued at once and completed later, as polling shows", async () => {
    const run = waiting();
    await start({ script: run.script });
    const first = await begin();
    expect(first).toMatchObject({ status: "queued", background: true, output: [] });
    expect((await get(first.id)).status).toBe("in_progress");
    run.release();
    const body = await ended(first.id);
    expect(body.status).toBe("completed");
    expect(body.output.at(-1)?.content?.[0]?.text).toBe("first second");
  });

  it("streams, survives the client's leaving and is resumed without a gap or repeat", async () => {
    const run = waiting();
    await start({ script: run.script });
    const controller = new AbortController();
    const reply = await fetch(`${server.url}/responses`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: "q", background: true, stream: true }),
      signal: controller.signal,
    });
    let seen = "";
    const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
    while (!seen.includes("first ")) seen += (await reader.read()).value ?? "";
    controller.abort();
    const id = /"id":"(resp_[0-9a-f]+)"/.exec(seen)?.[1] ?? "";
    const last = Number([...seen.matchAll(/"sequence_number":(\d+)/g)].at(-1)?.[1]);
    const rest = replayed(id, last);
    run.release();
    const tail = checkStream(await rest, { startingAfter: last });
    expect(tail.response.status).toBe("completed");
    expect(checkStream(seen + (await rest)).text).toBe("first second");
  });

  it("is replayed with the numbers of the live run after it ended", async () => {
    await start({ script: playing(twoBackendRun()) });
    const live = await (
      await post(`${server.url}/responses`, { input: "q", background: true, stream: true })
    ).text();
    const whole = checkStream(live);
    expect(await replayed(whole.response.id)).toBe(live);
    for (const after of [0, 5, whole.events.length - 2]) {
      const tail = checkStream(await replayed(whole.response.id, after), { startingAfter: after });
      expect(tail.events).toEqual(whole.events.slice(after + 1));
    }
    expect(await get(whole.response.id)).toEqual(whole.response);
  });

  it("shows its own events only to those who ask for them", async () => {
    await start({ script: playing(twoBackendRun()) });
    const headers = { "x-orchestrator-events": "1" };
    const live = await (
      await post(`${server.url}/responses`, { input: "q", background: true, stream: true }, headers)
    ).text();
    const { extra, response } = checkStream(live, { extraEvents: true });
    expect(extra.map((event) => event.type)).toContain("orchestrator.plan");
    expect(checkStream(await replayed(response.id)).extra).toEqual([]);
  });

  it("stops the backends when it is cancelled, and says so again and again", async () => {
    const run = waiting();
    await start({ script: run.script });
    const { id } = await begin();
    const stream = replayed(id);
    await vi.waitFor(() => expect(server.orchestrator.turns).toHaveLength(1));
    const cancelled = (await (await post(`${server.url}/responses/${id}/cancel`, {})).json()) as Body;
    expect(cancelled.status).toBe("cancelled");
    expect(run.aborted()).toBeDefined();
    const { response, events } = checkStream(await stream);
    expect(events.at(-1)?.type).toBe("response.incomplete");
    expect(response.status).toBe("cancelled");
    const again = (await (await post(`${server.url}/v1/responses/${id}/cancel`, {})).json()) as Body;
    expect(again).toEqual(cancelled);
    expect((await get(id)).status).toBe("cancelled");
  });

  it("stays completed when it is cancelled too late", async () => {
    await start();
    const { id } = await begin();
    const body = await ended(id);
    const reply = await post(`${server.url}/responses/${id}/cancel`, {});
    expect(await reply.json()).toEqual(body);
  });

  it("stops when it is deleted, and leaves nothing", async () => {
    const run = waiting();
    await start({ script: run.script });
    const { id } = await begin();
    await vi.waitFor(() => expect(server.orchestrator.turns).toHaveLength(1));
    const reply = await fetch(`${server.url}/responses/${id}`, { method: "DELETE" });
    expect(await reply.json()).toEqual({ id, object: "response", deleted: true });
    expect(run.aborted()).toBeDefined();
    expect((await fetch(`${server.url}/responses/${id}`)).status).toBe(404);
    await sleep(20);
    expect((await fetch(`${server.url}/responses/${id}`)).status).toBe(404);
  });

  it("fails with a timeout at its own deadline, not at that of the foreground", async () => {
    const run = waiting();
    const budgets = { deadline_ms: 60_000, background_deadline_ms: 50 };
    await start({ script: run.script, config: { budgets } });
    const { id } = await begin();
    const body = await ended(id);
    expect(body.status).toBe("failed");
    const { events } = checkStream(await replayed(id));
    expect(events.at(-2)).toMatchObject({ type: "error", code: "timeout" });
  });

  it("tells a failure in poll and stream", async () => {
    await start({ script: () => Promise.reject(new Error("a bug")) });
    const { id } = await begin();
    expect((await ended(id)).error?.code).toBe("server_error");
    expect(checkStream(await replayed(id)).response.status).toBe("failed");
  });

  it("continues a conversation for the response after it", async () => {
    await start();
    const { id } = await begin();
    const early = await post(`${server.url}/responses`, { input: "and?", previous_response_id: id });
    expect([200, 409]).toContain(early.status);
    await ended(id);
    const reply = await post(`${server.url}/responses`, { input: "and?", previous_response_id: id });
    expect(reply.status).toBe(200);
    expect(server.orchestrator.turns.at(-1)?.input.checkpoint_id).toBe("checkpoint-1");
  });

  it("is run once for one Idempotency-Key, streamed or not", async () => {
    const run = waiting();
    await start({ script: run.script });
    const ask = (stream: boolean) =>
      post(`${server.url}/responses`, { input: "q", background: true, stream }, { "idempotency-key": "k" });
    const first = (await (await ask(false)).json()) as Body;
    const second = (await (await ask(false)).json()) as Body;
    expect(second.id).toBe(first.id);
    run.release();
    await ended(first.id);
    expect(server.orchestrator.turns).toHaveLength(1);
  });

  it("is refused with store: false", async () => {
    await start();
    const reply = await post(`${server.url}/responses`, { input: "q", background: true, store: false });
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({
      error: { code: "mutually_exclusive_parameters", param: "background" },
    });
  });

  it("counts as one of its owner's runs until it ends", async () => {
    const run = waiting();
    await start({ script: run.script, config: { server: { limits: { concurrent_runs_per_user: 1 } } } });
    const { id } = await begin();
    const refused = await post(`${server.url}/responses`, { input: "q" });
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("1");
    run.release();
    await ended(id);
    await vi.waitFor(async () =>
      expect((await post(`${server.url}/responses`, { input: "q" })).status).toBe(200),
    );
  });
});
