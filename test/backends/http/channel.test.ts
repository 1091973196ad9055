import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { trace } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { PolicyConfig } from "../../../config/schema.ts";
import type { Identity } from "../../../backends/auth/identity.ts";
import { Secret } from "../../../backends/auth/secret.ts";
import { fault } from "../../../backends/fault.ts";
import { createChannel, type Channel } from "../../../backends/http/channel.ts";
import { createConnectionPool } from "../../../backends/http/pool.ts";
import { openScope, type Scope } from "../../../backends/http/scope.ts";
import { systemClock } from "../../../backends/clock.ts";
import { impatientClock } from "../manual-clock.ts";
import { json, serve, sse, type Answer, type TestServer } from "../server.ts";
import { failure } from "../workspace.ts";

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

interface Set {
  server: TestServer;
  channel: Channel;
  slept: number[];
  /** Ends by itself after 20 s. */
  scope: () => Scope;
  get: (options?: {
    timeout_ms?: number;
    signal?: AbortSignal;
    identity?: Identity;
    repeatable?: boolean;
  }) => Promise<unknown>;
}

async function set(answer: Answer, policy: object = {}): Promise<Set> {
  const server = await serve(answer);
  const pool = createConnectionPool();
  open.push(
    () => pool.close(),
    () => server.close(),
  );
  const clock = impatientClock();
  const tracer = trace.getTracer("test");
  const channel = createChannel("orders", PolicyConfig.parse(policy), {
    pool,
    clock,
    random: () => 0.5,
    tracer,
  });
  return {
    server,
    channel,
    slept: clock.slept,
    scope() {
      const { signal } = new AbortController();
      const timedOut = () => fault("timeout", { backend: "orders" });
      const scope = openScope(
        { signal, deadline: Infinity, timeout_ms: 20_000, identity: null, timedOut },
        systemClock,
      );
      open.push(async () => scope.end());
      return scope;
    },
    async get({ timeout_ms = 5_000, signal = new AbortController().signal, identity, repeatable } = {}) {
      const scope = openScope(
        {
          signal,
          deadline: Infinity,
          timeout_ms,
          identity: identity ?? null,
          timedOut: () => fault("timeout", { backend: "orders" }),
        },
        systemClock,
      );
      try {
        const request = {
          operation: "test",
          method: "POST" as const,
          url: `${server.url}/x`,
          body: "{}",
          repeatable,
        };
        return await channel.call(scope, request, (reply) => reply.json());
      } finally {
        scope.end();
      }
    },
  };
}

describe("repeats", () => {
  it.each([429, 502, 503, 504])(
    "a call that ends with %i and returns what the repeat brings",
    async (status) => {
      const { get, server, slept } = await set((res, _request, nth) =>
        json(res, { nth }, nth < 3 ? status : 200),
      );
      expect(await get()).toEqual({ nth: 3 });
      expect(server.requests).toHaveLength(3);
      // Half of 250 ms and half of 500 ms: full jitter with a random number of 0.5.
      expect(slept).toEqual([125, 250]);
    },
  );

  it.each([
    [400, "rejected"],
    [403, "forbidden"],
    [404, "not_found"],
    [500, "server_error"],
    [501, "server_error"],
  ])("nothing after %i", async (status, code) => {
    const { get, server } = await set((res) => json(res, {}, status));
    expect(await failure(get())).toMatchObject({ code, detail: { status } });
    expect(server.requests).toHaveLength(1);
  });

  it("no more often than the policy says, then gives the last status", async () => {
    const { get, server } = await set((res) => json(res, {}, 503), { retries: 1 });
    expect(await failure(get())).toMatchObject({ code: "unavailable", detail: { status: 503 } });
    expect(server.requests).toHaveLength(2);
  });

  it("after as many seconds as Retry-After says, and a little spread", async () => {
    const { get, slept } = await set((res, _request, nth) =>
      json(res, { nth }, nth < 2 ? 429 : 200, { "retry-after": "2" }),
    );
    expect(await get()).toEqual({ nth: 2 });
    expect(slept).toEqual([2_125]);
  });

  it("not at all when Retry-After lies beyond the deadline, and says how long it would be", async () => {
    const { get, server } = await set((res) => json(res, {}, 429, { "retry-after": "60" }));
    const error = await failure(get({ timeout_ms: 2_000 }));
    expect(error).toMatchObject({ code: "rate_limited", detail: { retry_after_ms: 60_000 } });
    expect(server.requests).toHaveLength(1);
  });

  it("a connection that is refused", async () => {
    const { get, server, slept } = await set(() => undefined);
    await server.close();
    expect(await failure(get())).toMatchObject({ code: "connect_failed" });
    expect(slept).toHaveLength(2);
  });

  it("a connection that does not open within its time", async () => {
    // Takes the connection and never speaks TLS.
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { channel, scope } = await set((res) => json(res, {}), { connect_timeout_ms: 50, retries: 1 });
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/x`;
    const call = channel.call(scope(), { operation: "test", method: "GET", url }, (reply) => reply.json());
    expect((await failure(call)).code).toBe("connect_failed");
    expect(channel.counters).toMatchObject({ calls: 2, retries: 1 });
    silent.close();
  });

  it("a call that was reset before a byte came, unless it writes", async () => {
    const reset: Answer = (res, _request, nth) =>
      nth === 1 ? void res.socket?.destroy() : json(res, { nth });
    expect(await (await set(reset)).get()).toEqual({ nth: 2 });
    const writing = await set(reset);
    expect(await failure(writing.get({ repeatable: false }))).toMatchObject({ code: "connect_failed" });
    expect(writing.server.requests).toHaveLength(1);
  });

  it("only so many calls as its budget holds, whatever the number of callers", async () => {
    const { get, channel } = await set((res) => json(res, {}, 503), { retries: 5, breaker_failures: 0 });
    await Promise.allSettled(Array.from({ length: 40 }, () => get()));
    // A reserve of 20; the deposits of 40 calls come first and find it full.
    expect(channel.counters.retries).toBe(20);
  });
});

describe("a reply", () => {
  it("that breaks off is interrupted and not asked for again", async () => {
    const { get, server } = await set((res) => {
      res.writeHead(200, { "content-type": "application/json", "content-length": "100" });
      res.write('{"a":');
      setTimeout(() => res.destroy(), 10);
    });
    expect(await failure(get())).toMatchObject({ code: "interrupted" });
    expect(server.requests).toHaveLength(1);
  });

  it("that is no JSON is malformed", async () => {
    const { get } = await set(
      (res) => void res.writeHead(200, { "content-type": "application/json" }).end("{oops"),
    );
    expect(await failure(get())).toMatchObject({ code: "malformed" });
  });

  it("that is a web page means a login page", async () => {
    const { get } = await set(
      (res) => void res.writeHead(200, { "content-type": "text/html" }).end("<html>"),
    );
    expect(await failure(get())).toMatchObject({ code: "unauthorized" });
  });

  it("that sends elsewhere is not followed", async () => {
    const { get, server } = await set((res) => void res.writeHead(302, { location: "/login" }).end());
    expect(await failure(get())).toMatchObject({ code: "unauthorized", detail: { status: 302 } });
    expect(server.requests).toHaveLength(1);
  });

  it("over the allowed size is given up", async () => {
    const { get, server } = await set((res) => json(res, "x".repeat(200_000)), { max_bytes: 100_000 });
    expect(await failure(get())).toMatchObject({ code: "too_large" });
    await expect.poll(() => server.sockets()).toBe(0);
  });

  it("that falls silent in the middle times out by the idle limit", async () => {
    const { get } = await set(
      (res) => {
        res.writeHead(200, { "content-type": "application/json" });
        res.write('{"a":');
      },
      { idle_timeout_ms: 50 },
    );
    expect(await failure(get())).toMatchObject({ code: "timeout" });
  });

  it("that does not come ends with the scope's own timeout", async () => {
    const { get, server } = await set(() => undefined);
    expect(await failure(get({ timeout_ms: 50 }))).toMatchObject({ code: "timeout" });
    expect(server.requests).toHaveLength(1);
    await expect.poll(() => server.sockets()).toBe(0);
  });

  it("that the caller no longer wants passes the caller's own reason on", async () => {
    const { get } = await set(() => undefined);
    const controller = new AbortController();
    const asked = get({ signal: controller.signal });
    const reason = new Error("the client left");
    setTimeout(() => controller.abort(reason), 20);
    await expect(asked).rejects.toBe(reason);
  });
});

describe("the error of a failed call", () => {
  it.each([
    ["Databricks'", { error_code: "PERMISSION_DENIED", message: "User bob has no access to s3cr3t" }],
    ["OpenAI's", { error: { message: "User bob has no access to s3cr3t", type: "invalid", code: "denied" } }],
    ["the old Databricks", { error_code: 403, message: "User bob has no access to s3cr3t" }],
  ])("reads %s body without showing it", async (_form, body) => {
    const { get } = await set((res) => json(res, body, 403));
    const error = await failure(get());
    expect(error.code).toBe("forbidden");
    expect(error.message).toBe(
      "orders refused access to this identity: grant this identity the permission to use it.",
    );
    expect(error.detail.cause).toMatchObject({ message: "User bob has no access to s3cr3t" });
  });

  it("follows the platform's error code where it says more than the status", async () => {
    const { get } = await set((res) =>
      json(res, { error_code: "RESOURCE_DOES_NOT_EXIST", message: "" }, 400),
    );
    expect(await failure(get())).toMatchObject({ code: "not_found" });
  });

  it("keeps the request id and drops credentials that the server echoes", async () => {
    const details = [{ "@type": "type.googleapis.com/google.rpc.RequestInfo", request_id: "req-7" }];
    const message = "bad token Bearer abc.def-123 and dapi0123456789abcdef0123";
    const { get } = await set((res) => json(res, { error_code: "BAD_REQUEST", message, details }, 400));
    const error = await failure(get());
    expect(error.detail.request_id).toBe("req-7");
    expect(error.detail.cause).toMatchObject({ message: "bad token [secret] and [secret]" });
  });

  it("keeps the words about a login that the chat UI turns into a button beside the error", async () => {
    const words =
      "Credential for user identity('ada@example.com') is not found for the connection 'github'. Please login first to the connection by visiting https://adb.example.com/explore/connections/github";
    const { get } = await set((res) =>
      json(res, { error_code: "BAD_REQUEST", message: `Oh: ${words}` }, 400),
    );
    expect(await failure(get())).toMatchObject({
      code: "login_required",
      message:
        "orders needs a login to one of its connections first: log in to the connection 'github' in the workspace and ask again.",
      detail: { login: { host: "adb.example.com", sentence: words } },
    });
  });

  it("does not carry a login link that is no plain https address", async () => {
    const words =
      "Credential for user identity('a') is not found for the connection 'x'. Please login first to the connection by visiting https://me:pw@evil.example";
    const { get } = await set((res) => json(res, { message: words }, 400));
    expect(await failure(get())).toMatchObject({ code: "rejected" });
  });
});

describe("a token that the server refuses", () => {
  const identity = (values: string[], renewable = true): Identity => {
    let at = 0;
    return {
      used: "app",
      auth_type: "oauth-m2m",
      key: "app",
      token: async () => new Secret(values[at] ?? ""),
      renew: () => renewable && ++at < values.length,
    };
  };

  it("is replaced once", async () => {
    const { get, server } = await set((res, { headers }) =>
      headers.authorization === "Bearer new" ? json(res, "fine") : json(res, {}, 401),
    );
    expect(await get({ identity: identity(["old", "new"]) })).toBe("fine");
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer old", "Bearer new"]);
  });

  it("and again the new one ends as unauthorized", async () => {
    const { get, server } = await set((res) => json(res, {}, 401));
    expect(await failure(get({ identity: identity(["a", "b", "c"]) }))).toMatchObject({
      code: "unauthorized",
    });
    expect(server.requests).toHaveLength(2);
  });

  it("and cannot be replaced is not sent again", async () => {
    const { get, server } = await set((res) => json(res, {}, 401));
    expect(await failure(get({ identity: identity(["a"], false) }))).toMatchObject({ code: "unauthorized" });
    expect(server.requests).toHaveLength(1);
  });
});

describe("the circuit breaker", () => {
  it("opens after consecutive failed calls and spares the backend", async () => {
    const { get, server, channel } = await set((res) => json(res, {}, 500), { breaker_failures: 2 });
    await failure(get());
    await failure(get());
    expect(channel.breaker.state()).toBe("open");
    const error = await failure(get());
    expect(error.code).toBe("unavailable");
    expect(error.message).toBe(
      "orders is temporarily unavailable: it failed repeatedly and is tried again in 10 s.",
    );
    expect(server.requests).toHaveLength(2);
  });

  it("stays closed for refusals, which a healthy backend gives", async () => {
    const { get, channel } = await set((res) => json(res, {}, 403), { breaker_failures: 2 });
    for (let call = 0; call < 4; call += 1) await failure(get());
    expect(channel.breaker.state()).toBe("closed");
  });

  it("does not count callers who leave", async () => {
    const { get, channel } = await set(() => undefined, { breaker_failures: 1 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("left")), 10);
    await get({ signal: controller.signal }).catch(() => undefined);
    expect(channel.breaker.state()).toBe("closed");
  });
});

it("streams events whole however they are cut", async () => {
  const server = await serve((res) => sse(res, [{ a: "é".repeat(10) }, "[DONE]"]));
  const pool = createConnectionPool();
  open.push(
    () => pool.close(),
    () => server.close(),
  );
  const channel = createChannel("s", PolicyConfig.parse({}), {
    pool,
    clock: systemClock,
    random: () => 0,
    tracer: trace.getTracer("test"),
  });
  const scope = openScope(
    {
      signal: new AbortController().signal,
      deadline: Infinity,
      timeout_ms: 5_000,
      identity: null,
      timedOut: () => fault("timeout", { backend: "s" }),
    },
    systemClock,
  );
  const seen: string[] = [];
  await channel.call(scope, { operation: "t", method: "GET", url: server.url }, (reply) =>
    reply.events(({ data }) => void seen.push(data)),
  );
  scope.end();
  expect(seen).toEqual([JSON.stringify({ a: "é".repeat(10) }), "[DONE]"]);
});
