/** Faults on the wire, and the log of calls. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/server.ts";
import { call, m2mToken, SPACE, startStubSandbox } from "./wire-company.ts";

let sandbox: Sandbox;
const admin = (path: string, body?: unknown, method?: string) =>
  call(`${sandbox.url}/_admin/${path}`, { body, method });
const fault = (fault: object, more: object = {}) =>
  admin("faults", { endpoint: "churn", fault, times: 1, ...more });
const ask = (more: object = {}) =>
  call(`${sandbox.url}/serving-endpoints/responses`, {
    body: { model: "churn-model-endpoint", input: "Acme", ...more },
  });

beforeAll(async () => {
  sandbox = await startStubSandbox({ random: () => 0.5 });
});
beforeEach(() => admin("faults", undefined, "DELETE"));
afterAll(() => sandbox.close());

describe("faults", () => {
  it("answer by status, with or without Retry-After, as often as they were asked to", async () => {
    await fault({ kind: "status", status: 429, retry_after: 3 });
    const limited = await ask();
    expect([limited.status, limited.headers.get("retry-after"), limited.body.error_code]).toEqual([
      429,
      "3",
      "REQUEST_LIMIT_EXCEEDED",
    ]);
    expect((await ask()).status).toBe(200);
    await fault({ kind: "status", status: 503, body: "<h1>down</h1>", content_type: "text/html" });
    expect((await ask()).text).toBe("<h1>down</h1>");
  });

  it("hang, reset and cut the connection", async () => {
    await fault({ kind: "hang" });
    const url = `${sandbox.url}/serving-endpoints/churn-model-endpoint/invocations`;
    const headers = { authorization: "Bearer user-ada", "content-type": "application/json" };
    const silent = fetch(url, {
      method: "POST",
      headers,
      body: '{"input":"x"}',
      signal: AbortSignal.timeout(100),
    });
    await expect(silent).rejects.toThrow("timeout");
    await fault({ kind: "reset" });
    await expect(ask()).rejects.toThrow("fetch failed");
    await fault({ kind: "cut" });
    await expect(ask()).rejects.toThrow("terminated");
    await admin("switches", { delta_ms: 1_000 });
    await fault({ kind: "cut", ms: 50 });
    await expect(ask({ stream: true })).rejects.toThrow("terminated");
    await admin("switches", { delta_ms: 0 });
    await fault({ kind: "cut", after_bytes: 300 });
    const stream = await fetch(`${sandbox.url}/serving-endpoints/responses`, {
      method: "POST",
      headers,
      body: JSON.stringify({ model: "churn-model-endpoint", input: "x", stream: true }),
    });
    let got = "";
    const read = async () => {
      for await (const chunk of stream.body ?? []) got += Buffer.from(chunk).toString();
    };
    await expect(read()).rejects.toThrow("terminated");
    expect(got).toMatch(/^data: \{"type":"response.created"/);
    expect(Buffer.byteLength(got)).toBe(300);
  });

  it("send broken JSON, a page, a redirect, or too much", async () => {
    await fault({ kind: "malformed" });
    const broken = await ask();
    expect(() => JSON.parse(broken.text)).toThrow(SyntaxError);
    await fault({ kind: "wrong_content_type" });
    expect((await ask()).headers.get("content-type")).toContain("text/html");
    await fault({ kind: "redirect" });
    const redirected = await ask();
    expect([redirected.status, redirected.headers.get("location")]).toEqual([
      302,
      `${sandbox.url}/login.html`,
    ]);
    await fault({ kind: "huge", bytes: 300_000 });
    expect((await ask()).text.length).toBeGreaterThan(300_000);
  });

  it("delay an answer that is otherwise right", async () => {
    await fault({ kind: "latency", ms: 20 });
    expect((await ask()).body.status).toBe("completed");
  });

  it("fail inside the answer", async () => {
    await fault({ kind: "error_frame", message: "no" });
    expect((await ask()).body).toMatchObject({ status: "failed", error: { message: "no" } });
    await fault({ kind: "error_frame", form: "failed" });
    expect((await ask({ stream: true })).text).toContain('"type":"response.failed"');
  });

  it("strike only what they match, after what they skip, and by their probability", async () => {
    await fault({ kind: "status", status: 500 }, { match: { body: "Globex" } });
    expect((await ask()).status).toBe(200);
    expect((await ask({ input: "Globex" })).status).toBe(500);
    await fault({ kind: "status", status: 500 }, { skip: 1 });
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(500);
    await fault({ kind: "status", status: 500 }, { probability: 0.4 });
    expect((await ask()).status).toBe(200);
    await fault({ kind: "status", status: 500 }, { probability: 0.6 });
    expect((await ask()).status).toBe(500);
  });

  it("are refused when they make no sense", async () => {
    const { status, body } = await admin("faults", { endpoint: "churns", fault: { kind: "status" } });
    expect([status, body.error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
    expect(body.message).toContain("endpoint");
  });
});

describe("the call log", () => {
  it("tells who asked what where, and never a token", async () => {
    await admin("calls", undefined, "DELETE");
    const token = (await m2mToken(sandbox.url)).body.access_token;
    const url = `${sandbox.url}/api/2.0/genie/spaces/${SPACE}/start-conversation`;
    const traceparent = `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`;
    const started = await call(url, { token, body: { content: "MRR?" }, headers: { traceparent } });
    await call(`${sandbox.url}/api/2.0/mcp/genie/${SPACE}`, {
      token: null,
      body: { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "query" } },
    });
    const { text, body } = await admin("calls");
    expect(body.calls).toMatchObject([
      { endpoint: "token", subject: null, status: 200, body: null },
      {
        endpoint: "genie_rest",
        method: "POST",
        path: new URL(url).pathname,
        subject: "sandbox",
        identity: "service_principal",
        traceparent,
        conversation_id: started.body.conversation_id,
        message_id: started.body.message_id,
        status: 200,
      },
      { endpoint: "genie_mcp", subject: null, identity: "none", rpc: "tools/call query", status: 401 },
    ]);
    expect(text).not.toContain(token);
    expect(text).not.toContain(Buffer.from("sandbox:sandbox-secret").toString("base64"));
    expect((await admin("calls?endpoint=token")).body.calls).toHaveLength(1);
  });

  it("is empty after a reset, and every fault and switch is as at the start", async () => {
    await fault({ kind: "status", status: 500 });
    await admin("switches", { ka_form: "predictions", delta_ms: 0 });
    const switches = (await admin("reset", {})).body;
    expect([switches.ka_form, switches.delta_ms]).toEqual(["annotations", 1]);
    expect((await ask()).status).toBe(200);
    expect((await admin("calls")).body.calls).toHaveLength(1);
  });

  it("serves the truth beside it", async () => {
    expect((await admin("sql", { sql: "SELECT 1" })).body.rows).toHaveLength(3);
    expect((await admin("documents")).body.documents[0].title).toBe("refunds.md");
  });
});
