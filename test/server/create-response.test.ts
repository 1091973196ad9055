/** `POST /responses` and `/invocations` over real sockets: the form of an answer. */
import { afterEach, describe, expect, it } from "vitest";
import { checkResponseObject } from "./response-checker.ts";
import { answerOf, findingOf, playing, planOf, turnResult, twoBackendRun } from "./scripted-orchestrator.ts";
import { checkStream, type CheckOptions } from "./stream-checker.ts";
import { post, startTestServer, type TestServer, type TestServerOptions } from "./test-server.ts";

let server: TestServer;
afterEach(() => server.close());

async function start(options: TestServerOptions = {}): Promise<void> {
  server = await startTestServer(options);
}

async function streamed(path: string, body: object, headers = {}, options: CheckOptions = {}) {
  const response = await post(server.url + path, { ...body, stream: true }, headers);
  return checkStream(await response.text(), options);
}

async function answered(path: string, body: object, headers = {}) {
  const response = await post(server.url + path, body, headers);
  return checkResponseObject(await response.json(), "response.completed");
}

describe("a stream", () => {
  it.each([
    [
      "/invocations",
      [
        "reasoning",
        "function_call",
        "function_call",
        "reasoning",
        "function_call_output",
        "function_call_output",
        "reasoning",
        "message",
      ],
    ],
    ["/responses", ["reasoning", "message"]],
    ["/v1/responses", ["reasoning", "message"]],
  ])("on %s shows backend calls as its clients want", async (path, types) => {
    await start();
    const { response } = await streamed(path, { input: "How many churned?" });
    expect(response.output.map((item) => item.type)).toEqual(types);
  });

  it.each([
    ["function_call", "function_call_output"],
    ["mcp_call", "mcp_call"],
    ["none", "message"],
  ])("follows the wish for %s in the body and in the header", async (backend_items, type) => {
    await start();
    const byBody = await streamed("/responses", { input: "q", custom_inputs: { backend_items } });
    const byHeader = await streamed(
      "/responses",
      { input: "q" },
      { "x-orchestrator-backend-items": backend_items },
    );
    expect(byBody.response.output.map((item) => item.type)).toContain(type);
    expect(byHeader.response.output.map((i) => i.type)).toEqual(byBody.response.output.map((i) => i.type));
  });

  it("has the headers that proxies and browsers need", async () => {
    await start();
    const response = await post(`${server.url}/responses`, { input: "q", stream: true });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    });
    expect(response.headers.get("content-encoding")).toBeNull();
    await response.text();
  });

  it("ends in the object that the body of the same run has", async () => {
    await start();
    const { response } = await streamed("/responses", { input: "q", metadata: { a: "b" } });
    const body = await answered("/responses", { input: "q", metadata: { a: "b" } });
    const neutral = (value: object) =>
      JSON.parse(
        JSON.stringify(value)
          .replaceAll(/[0-9a-f]{32}/g, "ID")
          .replaceAll(/"(created|completed)_at":\d+/g, '"$1_at":0'),
      ) as object;
    expect(neutral(response)).toEqual(neutral(body));
  });

  it("carries our own events only for those who ask", async () => {
    await start();
    const { extra } = await streamed(
      "/responses",
      { input: "q" },
      { "x-orchestrator-events": "1" },
      { extraEvents: true },
    );
    expect(extra.map((event) => event.type)).toEqual([
      "orchestrator.node_started",
      "orchestrator.plan",
      "orchestrator.node_finished",
      "orchestrator.step_started",
      "orchestrator.step_started",
      "orchestrator.step_progress",
      "orchestrator.step_finished",
      "orchestrator.step_finished",
      "orchestrator.node_started",
      "orchestrator.answer",
    ]);
  });

  it("carries the trace's id for those who ask", async () => {
    await start({ deps: { traceId: (runId) => `tr-${runId}` } });
    const asked = await streamed(
      "/invocations",
      { input: "q" },
      { "x-mlflow-return-trace-id": "TRUE" },
      { traceFrame: true },
    );
    const run = asked.response.id.slice("resp_".length);
    expect(asked.traceId).toBe(`tr-${run}`);
    expect(asked.response.metadata).toEqual({ trace_id: `tr-${run}` });
    const unasked = await streamed("/invocations", { input: "q" });
    expect(unasked.response.metadata).toEqual({});
  });

  it("puts the trace's id into the metadata and beside the message for databricks_options.return_trace", async () => {
    await start({ deps: { traceId: () => "tr-1" } });
    const { response, events } = await streamed("/invocations", {
      input: "q",
      databricks_options: { return_trace: true },
    });
    expect(response.metadata).toEqual({ trace_id: "tr-1" });
    const told = events.filter((event) => "databricks_output" in event);
    expect(told).toMatchObject([
      {
        type: "response.output_item.done",
        item: { type: "message" },
        databricks_output: { trace: { info: { trace_id: "tr-1" } } },
      },
    ]);
  });

  it("keeps the connection alive while nothing happens", async () => {
    await start({ script: playing(twoBackendRun(), {}, 25), config: { server: { keep_alive_ms: 10 } } });
    const { keepAlives, text } = await streamed("/responses", { input: "q" });
    expect(keepAlives).toBeGreaterThan(3);
    expect(text).toBe("42 customers churned [1].\n\nThe handbook could not be asked.");
  });

  it("fails with error, response.failed and [DONE] when every backend failed", async () => {
    await start({
      script: playing(
        [{ type: "step_started", step: "s1", backend: "sales_genie", kind: "genie", question: "q" }],
        {
          status: "failed",
          failure: { code: "rate_limited", message: "sales_genie is busy." },
        },
      ),
    });
    const { response, events } = await streamed("/invocations", { input: "q" });
    expect(response.error).toEqual({ code: "rate_limit_exceeded", message: "sales_genie is busy." });
    expect(events.at(-2)).toMatchObject({ code: "rate_limit_exceeded" });
  });

  it("hides what a bug said and logs it", async () => {
    await start({
      script: async (_input, context) => {
        context.emit({ type: "text", delta: "So" });
        throw new Error("secret detail");
      },
    });
    const { response } = await streamed("/responses", { input: "q" });
    expect(response.error?.message).toBe(
      "Something went wrong on our side. The request id helps to find out what.",
    );
    expect(JSON.stringify(response)).not.toContain("secret");
    expect(server.logged).toMatchObject([{ level: 50, msg: "the run failed" }]);
  });
});

describe("a body", () => {
  it("echoes what was asked for and fills in the rest", async () => {
    await start();
    const body = await answered("/responses", {
      input: "q",
      model: "apps/orchestrator",
      instructions: "Be brief.",
      temperature: 0.5,
      metadata: { k: "v" },
      user: "u",
      tools: [],
      text: {},
      include: [],
      unknown_key: { deep: true },
    });
    expect(body).toMatchObject({
      model: "apps/orchestrator",
      instructions: "Be brief.",
      temperature: 0.5,
      top_p: 1,
      metadata: { k: "v" },
      user: "u",
      tools: [],
      text: { format: { type: "text" } },
      usage: { total_tokens: 0 },
    });
  });

  it("tells where everything came from in custom_outputs", async () => {
    const plan = planOf([{ id: "s1", backend: "sales_genie", question: "How many?" }]);
    const skipped = findingOf({
      step: "s2",
      backend: "handbook",
      status: "skipped",
      error: { code: "failed", message: "s1 is missing.", status: null },
    });
    await start({
      script: playing([{ type: "answer", answer: answerOf("42") }], {
        plan,
        findings: [findingOf(), skipped],
      }),
    });
    const { custom_outputs } = await answered("/responses", { input: "q" });
    expect(custom_outputs).toMatchObject({
      thread_id: expect.stringMatching(/^thread_[0-9a-f]{32}$/),
      plan: { kind: "plan", steps: [{ id: "s1", backend: "sales_genie" }] },
      backend_calls: [
        {
          step: "s1",
          backend: "sales_genie",
          status: "ok",
          text: "42 customers churned.",
          duration_ms: 1_234,
        },
      ],
      skipped: [{ step: "s2", backend: "handbook", reason: "s1 is missing." }],
      composer: "extractive",
    });
  });

  it.each([
    ["rate_limited", 429, "rate_limit_exceeded"],
    ["busy", 429, "rate_limit_exceeded"],
    ["timeout", 504, "timeout"],
    ["unavailable", 502, "backend_error"],
    ["forbidden", 502, "backend_error"],
  ])("fails after %s with %i and asks not to be asked again", async (code, status, wireCode) => {
    await start({
      script: playing(
        [{ type: "step_started", step: "s1", backend: "sales_genie", kind: "genie", question: "q" }],
        {
          status: "failed",
          failure: { code, message: "It did not work." },
        },
      ),
    });
    const response = await post(`${server.url}/responses`, { input: "q" });
    expect(response.status).toBe(status);
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(await response.json()).toMatchObject({ error: { code: wireCode, message: "It did not work." } });
  });

  it("fails without that header when no backend was asked", async () => {
    await start({
      script: () => {
        throw new Error("bug");
      },
    });
    const response = await post(`${server.url}/responses`, { input: "q" });
    expect([response.status, response.headers.get("x-should-retry")]).toEqual([500, null]);
  });

  it("fails with 504 when the deadline passes", async () => {
    await start({
      script: (_input, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason as Error)),
        ),
      config: { budgets: { deadline_ms: 20 } },
    });
    const response = await post(`${server.url}/responses`, { input: "q" });
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ error: { code: "timeout", type: "server_error" } });
    expect(server.logged).toEqual([]);
  });
});

describe("a request for approval", () => {
  const approvals = [
    {
      id: "apr_1",
      step: "s1",
      backend: "sales_genie",
      reason: "it writes",
      payload: { question: "May I?" },
      hash: "0",
    },
  ];
  const script = playing([], { status: "interrupted", answer: null, approvals });
  const requestItem = {
    type: "mcp_approval_request",
    id: "apr_1",
    name: "sales_genie",
    arguments: "{}",
    server_label: "g",
  };
  const reply = {
    type: "mcp_approval_response",
    id: "apr_1",
    approval_request_id: "apr_1",
    approve: true,
    reason: "fine",
  };

  it("is an mcp_approval_request on /invocations", async () => {
    await start({ script });
    const { response } = await streamed("/invocations", { input: "q" });
    expect(response.output).toEqual([
      {
        type: "mcp_approval_request",
        id: "apr_1",
        server_label: "sales_genie",
        name: "sales_genie",
        arguments: '{"question":"May I?"}',
      },
    ]);
  });

  it.each([
    [
      "its thread",
      () => ({
        context: { conversation_id: "chat" },
        input: [{ role: "user", content: "q" }, requestItem, reply],
      }),
    ],
    ["its response", (first: { id: string }) => ({ previous_response_id: first.id, input: [reply] })],
  ])("is answered by naming %s", async (_name, body) => {
    await start({ script });
    const first = (await (
      await post(`${server.url}/invocations`, { input: "q", context: { conversation_id: "chat" } })
    ).json()) as { id: string };
    expect((await post(`${server.url}/invocations`, body(first))).status).toBe(200);
    const { input } = server.orchestrator.turns[1] ?? {};
    expect(input).toMatchObject({
      question: "q",
      approvals: [{ id: "apr_1", approve: true, reason: "fine" }],
    });
    expect(input?.thread_id).toBe(server.orchestrator.turns[0]?.input.thread_id);
  });

  it("is a sentence elsewhere, with the request in custom_outputs", async () => {
    await start({ script });
    const { response, text } = await streamed("/responses", { input: "q" });
    expect(text).toBe("Your approval is needed first: sales_genie (it writes).");
    expect(response.custom_outputs.approvals).toEqual(approvals);
  });
});

describe("a client that goes away", () => {
  it.each([true, false])("ends its run (stream %s)", async (stream) => {
    const ended: unknown[] = [];
    let begun = () => {};
    const running = new Promise<void>((resolve) => (begun = resolve));
    await start({
      script: (_input, context) =>
        new Promise((_resolve, reject) => {
          const { signal } = context;
          context.emit({ type: "text", delta: "So" });
          begun();
          signal.addEventListener("abort", () => {
            ended.push(signal.reason);
            reject(signal.reason as Error);
          });
        }),
    });
    const controller = new AbortController();
    const leaving = fetch(`${server.url}/responses`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: "q", stream, custom_inputs: { thread_id: "t" } }),
      signal: controller.signal,
    }).then((response) => response.text());
    await running;
    controller.abort();
    await expect(leaving).rejects.toThrow("aborted");
    await expect.poll(() => ended.map(String)).toEqual(["ClientGone: the client went away"]);
    expect(server.logged).toEqual([]);
    expect(
      await server.store.turns.list("anonymous", server.orchestrator.turns[0]?.input.thread_id ?? "", 9),
    ).toEqual([]);
  });
});

describe("a chat title", () => {
  const ui = JSON.stringify({
    role: "user",
    parts: [
      { type: "text", text: "Which customers in EMEA are most likely to churn next quarter, and why?" },
    ],
  });

  it("is cut from the user's words without asking anybody", async () => {
    await start();
    const body = await answered("/invocations", {
      model: "title-model",
      input: [
        { role: "system", content: "Write a title." },
        { role: "user", content: [{ type: "input_text", text: ui }] },
      ],
    });
    expect(body.output).toMatchObject([
      { type: "message", content: [{ text: "Which customers in EMEA are most likely to churn next…" }] },
    ]);
    expect(body).toMatchObject({ model: "title-model", store: false });
    expect(server.orchestrator.turns).toEqual([]);
  });

  it("is written by the model where there is one", async () => {
    await start({ deps: { writeTitle: async (text) => `About ${text}` } });
    const { text } = await streamed("/invocations", { model: "title-model", input: "churn" });
    expect(text).toBe("About churn");
  });

  it("does without a model that fails", async () => {
    await start({ deps: { writeTitle: () => Promise.reject(new Error("down")) } });
    const { text } = await streamed("/invocations", { model: "title-model", input: "churn" });
    expect(text).toBe("churn");
  });
});

describe("the question", () => {
  it("goes to the graph with the caller, a deadline and the client's wishes", async () => {
    const before = Date.now();
    await start({ script: async () => turnResult({ answer: answerOf("x") }) });
    await answered("/responses", {
      input: [
        { role: "developer", content: "Use euros." },
        {
          type: "message",
          role: "user",
          content: [
            { type: "input_text", text: "How much?" },
            { type: "input_image", image_url: "data:image/png;base64,AA==" },
          ],
        },
      ],
      instructions: "Be brief.",
      max_output_tokens: 100,
      custom_inputs: { backends: ["handbook"] },
    });
    const turn = server.orchestrator.turns[0];
    expect(turn?.input).toEqual({
      thread_id: expect.stringMatching(/^t_[0-9a-f]{40}$/),
      fresh: true,
      question: "How much?",
      options: {
        instructions: "Be brief.\n\nUse euros.",
        max_output_tokens: 100,
        backends: ["handbook"],
        images: ["data:image/png;base64,AA=="],
      },
    });
    expect(turn?.context.caller).toEqual({ subject: "anonymous" });
    expect(turn?.context.deadline).toBeGreaterThanOrEqual(before + 110_000);
  });

  it("has its deadline counted from its arrival, whatever was waited for before the run began", async () => {
    const arrival = Date.now();
    let now = arrival;
    let ids = 0;
    // After the request's own id come those of the run, made after it waited for its turn to begin.
    const randomId = () => {
      if (ids++ > 0) now += 5_000;
      return ids.toString(16).padStart(32, "0");
    };
    const script = async () => turnResult({ answer: answerOf("x") });
    await start({ script, deps: { clock: () => now, randomId } });
    await answered("/responses", { input: "How much?" });
    expect(now).toBeGreaterThan(arrival);
    expect(server.orchestrator.turns[0]?.context.deadline).toBe(arrival + 110_000);
  });
});
