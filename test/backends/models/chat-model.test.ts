import { afterEach, describe, expect, it } from "vitest";
import type { ChatModel, ChatRequest } from "../../../backends/chat-model.ts";
import { failure, KINDS, openWorkspace, type Workspace } from "../workspace.ts";
import { json, serve } from "../server.ts";

let workspace: Workspace | null = null;

afterEach(async () => {
  await workspace?.stop();
  workspace = null;
});

async function model(settings: object = {}): Promise<{ workspace: Workspace; model: ChatModel }> {
  workspace = await openWorkspace([KINDS.docs], {
    config: { models: { router: { endpoint: "sandbox-model", ...settings } } },
  });
  const made = workspace.models.router;
  if (made === null) throw new Error("no model");
  return { workspace, model: made };
}

const call = (more: object = {}) => ({
  signal: new AbortController().signal,
  deadline: Date.now() + 10_000,
  ...more,
});
const ask = (content: string, more: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [{ role: "user", content }],
  ...more,
});

it("is null where the configuration says none", async () => {
  const { workspace } = await model();
  expect([workspace.models.planner, workspace.models.synthesizer, workspace.models.judge]).toEqual([
    null,
    null,
    null,
  ]);
});

it("completes with text, usage and the reason of the end", async () => {
  const { workspace, model: router } = await model();
  await workspace.admin("/model/queue", {
    text: "Four.",
    usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
  });
  expect(await router.complete(ask("2+2?"), call())).toEqual({
    text: "Four.",
    tool_calls: [],
    finish_reason: "stop",
    usage: { input_tokens: 7, cached_tokens: 0, output_tokens: 2, reasoning_tokens: 0 },
    model: "sandbox-model",
  });
});

describe("streams", () => {
  it("text as it arrives, and the whole with its usage at the end", async () => {
    const { workspace, model: router } = await model();
    await workspace.admin("/model/queue", {
      chunks: ["One ", "two ", "three."].map((content) => ({ delta: { content } })),
      usage: { prompt_tokens: 1, completion_tokens: 3, total_tokens: 4 },
    });
    const deltas: string[] = [];
    const result = await router.stream(ask("Count."), call(), (delta) => void deltas.push(delta));
    expect(deltas).toEqual(["One ", "two ", "three."]);
    expect([result.text, result.usage?.output_tokens]).toEqual(["One two three.", 3]);
  });

  it("block content without its reasoning", async () => {
    const { workspace, model: router } = await model();
    const blocks = [
      { type: "reasoning", summary: [{ type: "summary_text", text: "thinking" }] },
      { type: "text", text: "Answer." },
    ];
    await workspace.admin("/model/queue", { blocks });
    const deltas: string[] = [];
    expect((await router.stream(ask("Hm?"), call(), (delta) => void deltas.push(delta))).text).toBe(
      "Answer.",
    );
    expect(deltas.join("")).toBe("Answer.");
  });

  it("tool calls put together from their pieces", async () => {
    const { workspace, model: router } = await model();
    await workspace.admin("/model/queue", {
      tool_calls: [
        { name: "look", arguments: { at: "this and that" } },
        { name: "go", arguments: {} },
      ],
    });
    const result = await router.stream(ask("Do."), call(), () => undefined);
    expect(result.finish_reason).toBe("tool_calls");
    expect(result.tool_calls.map(({ name, arguments: text }) => [name, JSON.parse(text)])).toEqual([
      ["look", { at: "this and that" }],
      ["go", {}],
    ]);
    expect(new Set(result.tool_calls.map(({ id }) => id)).size).toBe(2);
  });

  it("that are cut fail as interrupted", async () => {
    const { workspace, model: router } = await model();
    await workspace.admin("/model/queue", { text: "A long answer that will never be whole.", cut: true });
    expect((await failure(router.stream(ask("Hm?"), call(), () => undefined))).code).toBe("interrupted");
  });

  it("that hang end with the deadline", async () => {
    const { workspace, model: router } = await model();
    await workspace.admin("/model/queue", { hang: true });
    const error = await failure(
      router.stream(ask("Hm?"), call({ deadline: Date.now() + 150 }), () => undefined),
    );
    expect(error.code).toBe("timeout");
  });
});

describe("sends", () => {
  it("tools without strict, the tool choice, and the schema", async () => {
    const { workspace, model: router } = await model({ max_output_tokens: 99 });
    await workspace.admin("/model/queue", { json: { a: 1 } });
    const parameters = { type: "object", properties: {} };
    const schema = { type: "object" };
    await router.complete(
      ask("Hm?", {
        tools: [{ name: "f", parameters }],
        tool_choice: { name: "f" },
        json_schema: { name: "s", schema },
      }),
      call(),
    );
    const { requests } = await workspace.admin("/model/requests");
    expect(requests[0]).toEqual({
      model: "sandbox-model",
      messages: [{ role: "user", content: "Hm?" }],
      max_tokens: 99,
      stream: false,
      tools: [{ type: "function", function: { name: "f", parameters } }],
      tool_choice: { type: "function", function: { name: "f" } },
      response_format: { type: "json_schema", json_schema: { name: "s", schema, strict: true } },
    });
  });

  it("a space instead of an empty text beside Claude's tool calls", async () => {
    const { workspace, model: router } = await model({ endpoint: "databricks-claude-sonnet-4-5" });
    await workspace.admin("/model/queue", { text: "ok" });
    const tool_calls = [{ id: "c1", name: "f", arguments: "{}" }];
    const messages: ChatRequest["messages"] = [
      { role: "assistant", content: "", tool_calls },
      { role: "tool", content: "1", tool_call_id: "c1" },
    ];
    await router.complete({ messages }, call());
    const { requests } = await workspace.admin("/model/requests");
    expect(requests[0].messages[0]).toEqual({
      role: "assistant",
      content: " ",
      tool_calls: [{ id: "c1", type: "function", function: { name: "f", arguments: "{}" } }],
    });
  });

  it("only its own key to a server that is not the workspace", async () => {
    const server = await serve((res) =>
      json(res, { choices: [{ message: { content: "hi" }, finish_reason: "stop" }] }),
    );
    const settings = { endpoint: undefined, base_url: `${server.url}/v1/`, model: "llama", api_key: "sk-1" };
    const { model: router } = await model(settings);
    expect((await router.complete(ask("Hm?"), call())).text).toBe("hi");
    expect(server.requests[0]?.path).toBe("/v1/chat/completions");
    expect(server.requests[0]?.headers.authorization).toBe("Bearer sk-1");
    await server.close();
  });

  it("nothing at all of a token to a server without a key", async () => {
    const server = await serve((res) => json(res, { choices: [{ message: { content: "hi" } }] }));
    const { model: router } = await model({ endpoint: undefined, base_url: server.url, model: "llama" });
    await router.complete(ask("Hm?"), call());
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    await server.close();
  });
});

it("repeats after 429 as often as configured and then says how often it tried", async () => {
  const { workspace, model: router } = await model({ retries: 1 });
  const answer = {
    status: 429,
    body: { error_code: "REQUEST_LIMIT_EXCEEDED", message: "tokens per minute" },
  };
  await workspace.admin("/model/queue", [answer, answer]);
  expect(await failure(router.complete(ask("Hm?"), call()))).toMatchObject({
    code: "rate_limited",
    detail: { backend: "sandbox-model", attempts: 2 },
  });
});

it("is malformed when the body is no completion", async () => {
  const server = await serve((res) => json(res, { hello: "world" }));
  const { model: router } = await model({ endpoint: undefined, base_url: server.url, model: "llama" });
  expect((await failure(router.complete(ask("Hm?"), call()))).code).toBe("malformed");
  await server.close();
});
