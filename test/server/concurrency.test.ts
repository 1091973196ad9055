/** Many requests at once: busy threads, repeated keys, limits. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { WireResponse } from "./response-checker.ts";
import { answerOf, type Script, turnResult } from "./scripted-orchestrator.ts";
import { checkStream } from "./stream-checker.ts";
import { post, startTestServer, type TestServer, type TestServerOptions } from "./test-server.ts";

let server: TestServer;
let release = () => {};
afterEach(async () => {
  release();
  await server.close();
});

/** Runs wait until `release` is called; the log tells when each began and ended. */
async function startGated(options: TestServerOptions = {}): Promise<string[]> {
  const log: string[] = [];
  const gate = new Promise<void>((resolve) => (release = resolve));
  const script: Script = async (input) => {
    log.push(`begin ${input.question}`);
    await gate;
    await sleep(5);
    log.push(`end ${input.question}`);
    return turnResult({ answer: answerOf(`answer to ${input.question}`) });
  };
  server = await startTestServer({ script, ...options });
  return log;
}

const onThread = (input: string, more = {}) => ({ input, custom_inputs: { thread_id: "t" }, ...more });

describe("a busy thread", () => {
  it("answers one request after the other", async () => {
    const log = await startGated();
    const first = post(`${server.url}/responses`, onThread("a"));
    await expect.poll(() => log).toEqual(["begin a"]);
    const second = post(`${server.url}/responses`, onThread("b", { stream: true }));
    const other = post(`${server.url}/responses`, { input: "c", custom_inputs: { thread_id: "other" } });
    await expect.poll(() => log).toEqual(["begin a", "begin c"]);
    const head = await second;
    expect(head.status).toBe(200);
    release();
    expect(checkStream(await head.text()).text).toBe("answer to b");
    expect([(await first).status, (await other).status]).toEqual([200, 200]);
    expect(log.filter((line) => !line.endsWith("c"))).toEqual(["begin a", "end a", "begin b", "end b"]);
  });

  it("refuses with 409 when configured so, before a stream begins", async () => {
    const log = await startGated({ config: { server: { busy_thread: "reject" } } });
    const first = post(`${server.url}/responses`, onThread("a"));
    await expect.poll(() => log).toEqual(["begin a"]);
    const second = await post(`${server.url}/responses`, onThread("b", { stream: true }));
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({ error: { code: "conversation_locked" } });
    release();
    expect((await first).status).toBe(200);
  });

  it.each([
    ["a background run", {}, { background: true }],
    ["a request after a background run", { background: true }, {}],
    ["a second background run", { background: true }, { background: true }],
  ])("refuses %s too when configured so", async (_name, before, after) => {
    const log = await startGated({ config: { server: { busy_thread: "reject" } } });
    const first = post(`${server.url}/responses`, onThread("a", before));
    await expect.poll(() => log).toEqual(["begin a"]);
    const second = await post(`${server.url}/responses`, onThread("b", after));
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({ error: { code: "conversation_locked" } });
    release();
    expect((await first).status).toBe(200);
    await expect.poll(() => log).toEqual(["begin a", "end a"]);
    await expect
      .poll(async () => (await post(`${server.url}/responses`, onThread("c", after))).status)
      .toBe(200);
  });

  it("takes one of many background runs that come at once when configured so", async () => {
    await startGated({ config: { server: { busy_thread: "reject" } } });
    const asked = Array.from({ length: 8 }, () =>
      post(`${server.url}/responses`, onThread("a", { background: true })),
    );
    const statuses = (await Promise.all(asked)).map((reply) => reply.status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
  });

  it("forgets a request whose client stopped waiting", async () => {
    const log = await startGated();
    const first = post(`${server.url}/responses`, onThread("a"));
    await expect.poll(() => log).toEqual(["begin a"]);
    const leaving = fetch(`${server.url}/responses`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(onThread("b")),
      signal: AbortSignal.timeout(50),
    });
    await expect(leaving).rejects.toThrow("timeout");
    release();
    await first;
    const third = await post(`${server.url}/responses`, onThread("c"));
    expect(third.status).toBe(200);
    expect(log).toEqual(["begin a", "end a", "begin c", "end c"]);
  });
});

describe("an Idempotency-Key", () => {
  const keyed = (body: object, key = "k1") =>
    post(`${server.url}/responses`, body, { "idempotency-key": key });

  it("gives a repeat the first answer without a second run", async () => {
    const log = await startGated();
    release();
    const first = (await (await keyed({ input: "a" })).json()) as WireResponse;
    const second = (await (await keyed({ input: "a" })).json()) as WireResponse;
    expect(second).toEqual(first);
    expect(log).toEqual(["begin a", "end a"]);
  });

  it("lets a repeat wait for the run under way, as a stream too", async () => {
    const log = await startGated();
    const first = keyed({ input: "a", stream: true });
    await expect.poll(() => log).toEqual(["begin a"]);
    const second = keyed({ input: "a", stream: true });
    await sleep(20);
    release();
    const [one, two] = [checkStream(await (await first).text()), checkStream(await (await second).text())];
    expect(two.response).toEqual(one.response);
    expect(log).toEqual(["begin a", "end a"]);
  });

  it("refuses another body under the same key", async () => {
    await startGated();
    release();
    await keyed({ input: "a" });
    const response = await keyed({ input: "b" });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      error: { code: "idempotency_key_reused", param: "Idempotency-Key" },
    });
  });

  it("is free again after a failure", async () => {
    let runs = 0;
    server = await startTestServer({
      script: async () => {
        runs++;
        return runs === 1 ? turnResult({ status: "failed" }) : turnResult({ answer: answerOf("ok") });
      },
    });
    expect((await keyed({ input: "a" })).status).toBe(500);
    expect((await keyed({ input: "a" })).status).toBe(200);
    expect(runs).toBe(2);
  });

  it("counts per key", async () => {
    const log = await startGated();
    release();
    await keyed({ input: "a" }, "k1");
    await keyed({ input: "a" }, "k2");
    expect(log).toHaveLength(4);
  });
});

describe("a stream that failed before its first word", () => {
  const body = (stream: boolean) => ({ input: "a", stream, context: { conversation_id: "chat" } });

  async function startFailing(text: string | null) {
    let now = 1_000_000;
    server = await startTestServer({
      script: async (_input, context) => {
        if (text !== null) context.emit({ type: "text", delta: text });
        return turnResult({
          status: "failed",
          failure: { code: "unavailable", message: "sales_genie is down." },
        });
      },
      deps: { clock: () => now },
    });
    await (await post(`${server.url}/invocations`, body(true))).text();
    return (ms: number) => (now += ms);
  }

  it("is told again to the client that repeats it by itself, without a second run", async () => {
    await startFailing(null);
    const repeat = await post(`${server.url}/invocations`, body(false));
    expect(repeat.status).toBe(502);
    expect(await repeat.json()).toMatchObject({
      error: { code: "backend_error", message: "sales_genie is down." },
    });
    expect(server.orchestrator.turns).toHaveLength(1);
  });

  it("is run again when somebody asks once more, in another form, or later", async () => {
    const pass = await startFailing(null);
    await (await post(`${server.url}/invocations`, body(true))).text();
    expect(server.orchestrator.turns).toHaveLength(2);
    await post(`${server.url}/invocations`, body(false));
    await post(`${server.url}/invocations`, body(false));
    expect(server.orchestrator.turns).toHaveLength(3);
    await (await post(`${server.url}/invocations`, body(true))).text();
    pass(15_000);
    await post(`${server.url}/invocations`, body(false));
    expect(server.orchestrator.turns).toHaveLength(5);
  });

  it("is not remembered when it had spoken", async () => {
    await startFailing("So");
    await post(`${server.url}/invocations`, body(false));
    expect(server.orchestrator.turns).toHaveLength(2);
  });
});

describe("limits", () => {
  it("refuse one run too many of the same user with Retry-After", async () => {
    const log = await startGated({ config: { server: { limits: { concurrent_runs_per_user: 1 } } } });
    const first = post(`${server.url}/responses`, { input: "a" });
    await expect.poll(() => log).toEqual(["begin a"]);
    const second = await post(`${server.url}/responses`, { input: "b" });
    expect([second.status, second.headers.get("retry-after"), second.headers.get("retry-after-ms")]).toEqual([
      429,
      "1",
      "1000",
    ]);
    expect(await second.json()).toMatchObject({
      error: { type: "rate_limit_error", code: "rate_limit_exceeded" },
    });
    release();
    await first;
    expect((await post(`${server.url}/responses`, { input: "c" })).status).toBe(200);
  });

  it("refuse one stream too many", async () => {
    const log = await startGated({ config: { server: { limits: { streams: 1 } } } });
    const first = post(`${server.url}/responses`, { input: "a", stream: true });
    await expect.poll(() => log).toEqual(["begin a"]);
    expect((await post(`${server.url}/responses`, { input: "b", stream: true })).status).toBe(429);
    release();
    await (await first).text();
  });

  it("count the requests of a minute", async () => {
    let now = 1_000_000;
    server = await startTestServer({
      script: async () => turnResult({ answer: answerOf("ok") }),
      config: { server: { limits: { requests_per_minute: 2 } } },
      deps: { clock: () => now },
    });
    const ask = () => post(`${server.url}/responses`, { input: "a" });
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    now += 20_000;
    const third = await ask();
    expect(third.status).toBe(429);
    expect(third.headers.get("retry-after")).toBe("40");
    const told = ["limit", "remaining", "reset"].map((name) =>
      third.headers.get(`x-ratelimit-${name}-requests`),
    );
    expect(told).toEqual(["2", "0", "40000ms"]);
    now += 40_001;
    expect((await ask()).status).toBe(200);
  });
});

describe("limits on what is no answer", () => {
  it("count a plan like a run, since a model may make it", async () => {
    server = await startTestServer({ config: { server: { limits: { requests_per_minute: 1 } } } });
    const plan = () => post(`${server.url}/plan`, { input: "a" });
    expect([(await plan()).status, (await plan()).status]).toEqual([200, 429]);
  });
});

describe("a store that fails", () => {
  it("costs the memory, not the answer, and says so", async () => {
    server = await startTestServer({ script: async () => turnResult({ answer: answerOf("ok") }) });
    Object.assign(server.store.responses, { save: () => Promise.reject(new Error("disk full")) });
    const body = (await (await post(`${server.url}/responses`, { input: "a" })).json()) as WireResponse;
    expect(body).toMatchObject({ status: "completed", store: false });
    expect(server.logged).toMatchObject([{ msg: "the response could not be kept" }]);
  });
});
