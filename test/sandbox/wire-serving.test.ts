/** Model Serving: the agent endpoints, the chat agent, the custom model and the scripted model. */
import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listen } from "../../sandbox/http/listen.ts";
import type { Sandbox } from "../../sandbox/server.ts";
import { call, frames, POLICY_TEXT, startStubSandbox } from "./wire-company.ts";

let sandbox: Sandbox;
const admin = (path: string, body?: unknown, method?: string) =>
  call(`${sandbox.url}/_admin/${path}`, { body, method });
const invoke = (name: string, body: unknown) =>
  call(`${sandbox.url}/serving-endpoints/${name}/invocations`, { body });
const responses = (body: unknown) => call(`${sandbox.url}/serving-endpoints/responses`, { body });
const chat = (body: object) =>
  call(`${sandbox.url}/serving-endpoints/chat/completions`, {
    body: { model: "databricks-x", messages: [{ role: "user", content: "hi" }], ...body },
  });

beforeAll(async () => {
  sandbox = await startStubSandbox();
});
beforeEach(async () => {
  await admin("faults", undefined, "DELETE");
  await admin("model", undefined, "DELETE");
});
afterAll(() => sandbox.close());

describe("endpoint descriptions", () => {
  it("tell the task, and none for a custom model", async () => {
    const { body } = await call(`${sandbox.url}/api/2.0/serving-endpoints`);
    const tasks = body.endpoints.map(({ name, task }: { name: string; task?: string }) => [name, task]);
    expect(tasks).toEqual([
      ["ka-policies-endpoint", "agent/v1/responses"],
      ["churn-model-endpoint", "agent/v1/responses"],
      ["chat-agent-endpoint", "agent/v2/chat"],
      ["revenue-forecast-endpoint", undefined],
      ["sandbox-model", "llm/v1/chat"],
    ]);
    const one = await call(`${sandbox.url}/api/2.0/serving-endpoints/ka-policies-endpoint`);
    expect(one.body.tile_endpoint_metadata.problem_type).toBe("KNOWLEDGE_ASSISTANT");
    expect((await call(`${sandbox.url}/api/2.0/serving-endpoints/none`)).body.error_code).toBe(
      "RESOURCE_DOES_NOT_EXIST",
    );
  });
});

describe("the knowledge assistant", () => {
  it("marks its citations and keeps their positions", async () => {
    const { body } = await responses({ model: "ka-policies-endpoint", input: "refunds?" });
    const [part] = body.output[0].content;
    expect(part.text).toBe("Refunds take 5 days.[^1] Exports are kept.");
    const url = `${sandbox.url}/documents/refunds.md`;
    expect(part.annotations).toEqual([
      { type: "url_citation", url, title: "refunds.md", start_index: 0, end_index: 20 },
    ]);
    expect(part.text.slice(0, 20)).toBe("Refunds take 5 days.");
    expect((await call(url, { token: null })).text).toBe(POLICY_TEXT);
  });

  it("streams bare text, annotation frames without positions, then the marked text", async () => {
    const input = [{ role: "user", content: "refunds?" }];
    const options = { stream: true, databricks_options: { return_trace: true } };
    const all = frames((await responses({ model: "ka-policies-endpoint", input, ...options })).text);
    const deltas = all
      .filter((frame) => frame.type === "response.output_text.delta")
      .map((frame) => frame.delta);
    expect(deltas.join("")).toBe(POLICY_TEXT);
    const note = all.find((frame) => frame.type === "response.output_text.annotation.added");
    expect(Object.keys(note.annotation)).toEqual(["type", "url", "title"]);
    const done = all.find((frame) => frame.type === "response.output_item.done");
    expect(done.item.content[0].text).toContain("[^1]");
    expect(done.databricks_output.trace.info.trace_id).toMatch(/^tr-/);
    expect(all.at(-1)).toBe("[DONE]");
  });

  it("can answer in the old predictions form, by footnotes, or without deltas", async () => {
    await admin("switches", { ka_form: "predictions" });
    const old = await invoke("ka-policies-endpoint", { input: "refunds?" });
    expect(old.body.predictions[0].choices[0].message.citations[0]).toMatchObject({ source: "refunds.md" });
    await admin("switches", { ka_form: "footnotes", ka_stream: "done_only" });
    const all = frames((await responses({ model: "ka-policies-endpoint", input: "x", stream: true })).text);
    expect(all.some((frame) => frame.type === "response.output_text.delta")).toBe(false);
    const { text, annotations } = all.find((frame) => frame.type === "response.output_item.done").item
      .content[0];
    expect(text).toContain(`[^1]: [refunds.md](${sandbox.url}/documents/refunds.md)`);
    expect(annotations).toEqual([]);
    await admin("switches", { ka_form: "annotations", ka_stream: "deltas" });
  });
});

describe("tasks", () => {
  it.each([
    ["ka-policies-endpoint", { messages: [{ role: "user", content: "x" }] }],
    ["churn-model-endpoint", { input: [{ role: "user", content: [{ type: "image", data: 1 }] }] }],
    ["chat-agent-endpoint", { input: "x" }],
    ["revenue-forecast-endpoint", { input: "x" }],
    ["revenue-forecast-endpoint", { dataframe_records: [{ months: 1 }] }],
    ["sandbox-model", { input: "x" }],
  ])("refuse the wrong shape: %s", async (name, body) => {
    const reply = await invoke(name, body);
    expect([reply.status, reply.body.error_code]).toEqual([400, "BAD_REQUEST"]);
  });

  it("refuse the wrong path and an unknown endpoint", async () => {
    expect((await responses({ model: "chat-agent-endpoint", input: "x" })).status).toBe(400);
    expect((await chat({ model: "ka-policies-endpoint" })).status).toBe(400);
    expect((await responses({ model: "none", input: "x" })).status).toBe(404);
  });

  it("carry structured results of the churn model", async () => {
    const { body } = await responses({ model: "churn-model-endpoint", input: "Acme" });
    expect(body.custom_outputs).toEqual({ scores: { rows: [["Acme", 0.9]] } });
  });

  it("answer the chat agent's form, streamed and not", async () => {
    const messages = [{ role: "user", content: "refunds?" }];
    const { body } = await invoke("chat-agent-endpoint", { messages });
    expect(body.messages[0].content).toContain("Refunds take 5 days.[^1]");
    const { text } = await call(`${sandbox.url}/serving-endpoints/completions`, {
      body: { model: "chat-agent-endpoint", messages, stream: true },
    });
    const deltas = frames(text).filter((frame) => frame.delta);
    expect(deltas.map((frame) => frame.delta.content).join("")).toBe(body.messages[0].content);
  });

  it("forecast revenue by the line through its history", async () => {
    const wanted = [
      { month: "2026-05-01", months_ahead: 2, forecast_mrr: 150 },
      { month: "2026-06-01", months_ahead: 3, forecast_mrr: 160 },
    ];
    const records = [{ months_ahead: 2 }, { question: "What will it be next quarter?" }];
    expect((await invoke("revenue-forecast-endpoint", { dataframe_records: records })).body).toEqual({
      predictions: wanted,
    });
    expect((await invoke("revenue-forecast-endpoint", { inputs: [2, 3] })).body).toEqual({
      predictions: wanted,
    });
    const dataframe_split = { columns: ["months_ahead"], data: [[2], [3]] };
    expect((await invoke("revenue-forecast-endpoint", { dataframe_split })).body).toEqual({
      predictions: wanted,
    });
  });
});

describe("the scripted model", () => {
  it("answers 503 with an empty queue", async () => {
    const { status, body } = await chat({});
    expect([status, body.error_code]).toEqual([503, "TEMPORARILY_UNAVAILABLE"]);
    expect(body.message).toContain("/_admin/model/queue");
  });

  it("plays text, JSON, tool calls and blocks, and keeps the requests", async () => {
    const reasoning = { type: "reasoning", summary: [{ type: "summary_text", text: "Hm." }] };
    const blocks = [reasoning, { type: "text", text: "Yes." }];
    await admin("model/queue", [
      { text: "Hello." },
      { json: { a: 1 } },
      { tool_calls: [{ name: "f", arguments: { x: 1 } }] },
      { blocks },
    ]);
    const choice = async () => (await chat({ temperature: 0 })).body.choices[0];
    expect((await choice()).message.content).toBe("Hello.");
    expect((await choice()).message.content).toBe('{"a":1}');
    const tool = await choice();
    expect(tool.finish_reason).toBe("tool_calls");
    expect(tool.message).toMatchObject({
      content: null,
      tool_calls: [{ function: { name: "f", arguments: '{"x":1}' } }],
    });
    expect((await choice()).message.content).toEqual(blocks);
    const { requests } = (await admin("model/requests")).body;
    expect([requests.length, requests[0].temperature]).toEqual([4, 0]);
  });

  it("gives an answer only to the request that it matches", async () => {
    await admin("model/queue", [{ match: "second", text: "two" }, { text: "one" }]);
    expect((await chat({})).body.choices[0].message.content).toBe("one");
    const second = await chat({ messages: [{ role: "user", content: "the second" }] });
    expect(second.body.choices[0].message.content).toBe("two");
  });

  it("streams text, tool calls, blocks and own chunks", async () => {
    await admin("model/queue", [
      { text: "One two three four five." },
      { tool_calls: [{ name: "f", arguments: { text: "a b c d e f" } }] },
      { blocks: [{ type: "text", text: "Yes." }] },
      { chunks: [{ delta: { content: "x" } }, { raw: "not json" }] },
    ]);
    const stream = async (more = {}) => frames((await chat({ stream: true, ...more })).text);
    const text = await stream({ stream_options: { include_usage: true } });
    const content = (all: typeof text) => all.flatMap((frame) => frame.choices?.[0]?.delta.content ?? []);
    expect(content(text).join("")).toBe("One two three four five.");
    expect(text.at(-2).usage.completion_tokens).toBe(7);
    expect(text.at(-1)).toBe("[DONE]");
    const calls = (await stream()).flatMap((frame) => frame.choices?.[0]?.delta.tool_calls ?? []);
    expect(calls[0]).toMatchObject({ index: 0, function: { name: "f", arguments: "" } });
    expect(calls.map((one) => one.function.arguments).join("")).toBe('{"text":"a b c d e f"}');
    expect(content(await stream())).toEqual(["", { type: "text", text: "Yes." }]);
    expect((await stream()).slice(0, 2)).toMatchObject([
      { choices: [{ delta: { content: "x" } }] },
      "not json",
    ]);
  });

  it("fails by status with headers, by a cut, and by silence", async () => {
    await admin("model/queue", [
      { status: 429, headers: { "retry-after": "2" } },
      { text: "cut short", cut: true },
      { text: "cut short in a stream", cut: true },
      { hang: true },
    ]);
    const limited = await chat({});
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "2"]);
    await expect(chat({})).rejects.toThrow("terminated");
    await expect(chat({ stream: true })).rejects.toThrow("terminated");
    const silent = fetch(`${sandbox.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ messages: [{ role: "user", content: "x" }] }),
      signal: AbortSignal.timeout(100),
    });
    await expect(silent).rejects.toThrow("timeout");
  });

  it("is replaced by the server that is configured", async () => {
    const upstream = await listen(
      createServer((req, res) => {
        res.setHeader("content-type", "application/json");
        res.end(JSON.stringify({ path: req.url, token: req.headers.authorization ?? null }));
      }).listeners("request")[0] as Parameters<typeof listen>[0],
      0,
    );
    const forwarding = await startStubSandbox({ modelUrl: `http://127.0.0.1:${upstream.port}/v1/` });
    const { body } = await call(`${forwarding.url}/serving-endpoints/chat/completions`, {
      body: { model: "llama", messages: [{ role: "user", content: "x" }] },
    });
    expect(body).toEqual({ path: "/v1/chat/completions", token: null });
    await Promise.all([forwarding.close(), upstream.close()]);
  });
});
