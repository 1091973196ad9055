/** Which thread a request goes on with, and what it remembers (Responses contract section 6). */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TurnInput } from "../../graphs/run.ts";
import type { WireResponse } from "./response-checker.ts";
import { answerOf, turnResult } from "./scripted-orchestrator.ts";
import { post, startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;

beforeEach(async () => {
  let runs = 0;
  server = await startTestServer({
    script: async (input) => {
      runs++;
      return turnResult({ answer: answerOf(`answer to ${input.question}`), checkpoint_id: `c${runs}` });
    },
    deps: {
      identify: async (request) => ({ subject: `user:${String(request.headers["x-test-user"] ?? "ada")}` }),
    },
  });
});
afterEach(() => server.close());

async function ask(body: object, user = "ada"): Promise<WireResponse> {
  const response = await post(`${server.url}/responses`, body, { "x-test-user": user });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as WireResponse;
}

function lastInput(): TurnInput {
  const turn = server.orchestrator.turns.at(-1);
  if (turn === undefined) throw new Error("nothing was asked");
  return turn.input;
}

const transcript = (question: string) => [
  { role: "user", content: "first" },
  { role: "assistant", content: [{ type: "output_text", text: "answer to first" }] },
  { role: "user", content: question },
];

describe("the thread key", () => {
  it("is the first of thread_id, session_id, context, conversation, previous response, fresh", async () => {
    const { id: conversation } = (await (await post(`${server.url}/conversations`, {})).json()) as {
      id: string;
    };
    const all = {
      custom_inputs: { thread_id: "by-thread", session_id: "by-session" },
      context: { conversation_id: "by-context" },
      conversation,
    };
    const keyOf = async (body: object) => (await ask({ input: "q", ...body })).custom_outputs.thread_id;
    expect(await keyOf(all)).toBe("by-thread");
    expect(await keyOf({ ...all, custom_inputs: { session_id: "by-session" } })).toBe("by-session");
    expect(await keyOf({ ...all, custom_inputs: { thread_id: "" } })).toBe("by-context");
    expect(await keyOf({ conversation })).toBe(conversation);
    const fresh = await ask({ input: "q" });
    expect(fresh.custom_outputs.thread_id).toMatch(/^thread_/);
    expect(await keyOf({ previous_response_id: fresh.id })).toBe(fresh.custom_outputs.thread_id);
  });

  it("leads each owner to a thread of their own", async () => {
    await ask({ input: "q", custom_inputs: { thread_id: "t" } }, "ada");
    const adas = lastInput().thread_id;
    await ask({ input: "q", custom_inputs: { thread_id: "t" } }, "bob");
    expect(lastInput().thread_id).not.toBe(adas);
    await ask({ input: "q", custom_inputs: { thread_id: "t" } }, "ada");
    expect(lastInput().thread_id).toBe(adas);
  });

  it("is never the user that the body names", async () => {
    await ask({ input: "q", context: { conversation_id: "t", user_id: "bob" } }, "ada");
    expect(server.orchestrator.turns.at(-1)?.context.caller).toEqual({ subject: "user:ada" });
  });
});

describe("a client that repeats the transcript", () => {
  it("hands its history to a thread that remembers nothing yet", async () => {
    await ask({ input: transcript("second"), context: { conversation_id: "chat" } });
    expect(lastInput()).toMatchObject({
      question: "second",
      history: [
        { role: "user", content: "first" },
        { role: "assistant", content: "answer to first" },
      ],
    });
  });

  it("has it dropped by a thread that remembers", async () => {
    await ask({ input: "first", context: { conversation_id: "chat" } });
    await ask({ input: transcript("second"), context: { conversation_id: "chat" } });
    expect(lastInput().question).toBe("second");
    expect(lastInput()).not.toHaveProperty("history");
  });

  it("may echo our own calls, reasoning and approvals", async () => {
    await ask({
      context: { conversation_id: "chat" },
      input: [
        { role: "user", content: [{ type: "input_text", text: "first" }] },
        { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "Hm." }] },
        { type: "function_call", call_id: "c1", name: "sales_genie", arguments: "{}", id: "fc1" },
        { type: "function_call_output", call_id: "c1", output: "42" },
        {
          type: "mcp_approval_request",
          id: "apr_1",
          name: "handbook",
          arguments: "{}",
          server_label: "handbook",
        },
        { type: "mcp_approval_response", id: "apr_1", approval_request_id: "apr_1", approve: true },
        { type: "function_call_output", call_id: "apr_1", output: "done" },
        { role: "assistant", content: [{ type: "output_text", text: "It is 42" }], id: "m1" },
        { role: "user", content: [{ type: "input_text", text: "second" }] },
      ],
    });
    expect(lastInput()).toMatchObject({
      question: "second",
      options: {},
      history: [
        { role: "user", content: "first" },
        { role: "assistant", content: "It is 42" },
      ],
    });
  });

  it("is fresh for the graph only when it is made up for the turn", async () => {
    const { id } = await ask({ input: "first" });
    expect(lastInput().fresh).toBe(true);
    await ask({ input: "next", previous_response_id: id });
    expect(lastInput().fresh).toBeUndefined();
    await ask({ input: "named", custom_inputs: { thread_id: "named" } });
    expect(lastInput().fresh).toBeUndefined();
    await ask({ input: "not kept", store: false, previous_response_id: id });
    expect(lastInput().fresh).toBe(true);
  });

  it("is stateless without a thread key", async () => {
    await ask({ input: transcript("second") });
    await ask({ input: transcript("third") });
    expect(lastInput().history).toHaveLength(2);
  });
});

describe("previous_response_id", () => {
  it("goes on from the checkpoint of that response, as a tree", async () => {
    const root = await ask({ input: "root" });
    await ask({ input: "left", previous_response_id: root.id });
    const left = lastInput();
    await ask({ input: "right", previous_response_id: root.id });
    expect(left).toMatchObject({ question: "left", checkpoint_id: "c1" });
    expect(lastInput()).toMatchObject({ question: "right", checkpoint_id: "c1", thread_id: left.thread_id });
  });

  it("hands over the text of the chain when another thread is named", async () => {
    const first = await ask({ input: "first" });
    const second = await ask({ input: "second", previous_response_id: first.id });
    await ask({ input: "third", previous_response_id: second.id, custom_inputs: { thread_id: "elsewhere" } });
    expect(lastInput().history).toEqual([
      { role: "user", content: "first" },
      { role: "assistant", content: "answer to first" },
      { role: "user", content: "second" },
      { role: "assistant", content: "answer to second" },
    ]);
  });

  it("does not exist for anybody else", async () => {
    const { id } = await ask({ input: "q" }, "ada");
    await expect(ask({ input: "q", previous_response_id: id }, "bob")).rejects.toThrow(
      "previous_response_not_found",
    );
  });

  it("is gone when the response was deleted or never kept", async () => {
    const kept = await ask({ input: "q" });
    await fetch(`${server.url}/responses/${kept.id}`, { method: "DELETE" });
    await expect(ask({ input: "q", previous_response_id: kept.id })).rejects.toThrow(
      "previous_response_not_found",
    );
    const lost = await ask({ input: "q", store: false });
    await expect(ask({ input: "q", previous_response_id: lost.id })).rejects.toThrow(
      "previous_response_not_found",
    );
  });
});

describe("store: false", () => {
  it("reads the thread's past and leaves nothing behind", async () => {
    await ask({ input: "first", custom_inputs: { thread_id: "t" } });
    const kept = lastInput().thread_id;
    const lost = await ask({ input: "second", store: false, custom_inputs: { thread_id: "t" } });
    expect(lost.store).toBe(false);
    expect(lastInput().thread_id).not.toBe(kept);
    expect(lastInput().history).toEqual([
      { role: "user", content: "first" },
      { role: "assistant", content: "answer to first" },
    ]);
    expect(await server.store.turns.list("user:ada", kept, 9)).toHaveLength(1);
    expect((await fetch(`${server.url}/responses/${lost.id}`)).status).toBe(404);
  });
});

describe("a conversation", () => {
  const create = async (body: object) =>
    (await (await post(`${server.url}/v1/conversations`, body)).json()) as { id: string; created_at: number };

  it("hands over the items it was created with", async () => {
    const { id } = await create({ items: [{ role: "user", content: "My name is Ada." }] });
    await ask({ input: "What is my name?", conversation: { id } });
    expect(lastInput().history).toEqual([{ role: "user", content: "My name is Ada." }]);
  });

  it("goes on from its thread while nobody edits it, and from its items afterwards", async () => {
    const { id } = await create({});
    await ask({ input: "first", conversation: id });
    await ask({ input: "second", conversation: id });
    expect(lastInput()).not.toHaveProperty("history");
    await post(`${server.url}/conversations/${id}/items`, {
      items: [{ role: "user", content: "By the way." }],
    });
    await ask({ input: "third", conversation: id });
    expect(lastInput().history?.map((message) => message.content)).toEqual([
      "first",
      "answer to first",
      "second",
      "answer to second",
      "By the way.",
    ]);
  });

  it("can be read, changed and deleted by its owner only", async () => {
    const { id } = await create({ metadata: { a: "b" } });
    const as = (user: string, path = "", method = "GET") =>
      fetch(`${server.url}/conversations/${id}${path}`, { method, headers: { "x-test-user": user } });
    expect(await (await as("ada")).json()).toMatchObject({
      id,
      object: "conversation",
      metadata: { a: "b" },
    });
    const foreign = [await as("bob"), await as("bob", "/items"), await as("bob", "", "DELETE")];
    expect(foreign.map((response) => response.status)).toEqual([404, 404, 404]);
    const changed = await post(`${server.url}/conversations/${id}`, { metadata: { c: "d" } });
    expect(await changed.json()).toMatchObject({ metadata: { c: "d" } });
    expect(await (await as("ada", "", "DELETE")).json()).toEqual({
      id,
      object: "conversation.deleted",
      deleted: true,
    });
    expect((await as("ada")).status).toBe(404);
  });

  it("lists its items in pages", async () => {
    const { id } = await create({ items: ["a", "b", "c"].map((content) => ({ role: "user", content })) });
    const page = async (query: string) =>
      (await (await fetch(`${server.url}/conversations/${id}/items?${query}`)).json()) as {
        data: { id: string; content: { text: string }[] }[];
        last_id: string;
        has_more: boolean;
      };
    const first = await page("limit=2&order=asc");
    expect([first.data.map((item) => item.content[0]?.text), first.has_more]).toEqual([["a", "b"], true]);
    const second = await page(`limit=2&order=asc&after=${first.last_id}`);
    expect([second.data.map((item) => item.content[0]?.text), second.has_more]).toEqual([["c"], false]);
    const item = await fetch(`${server.url}/conversations/${id}/items/${first.last_id}`);
    expect(await item.json()).toMatchObject({ content: [{ text: "b" }] });
    await fetch(`${server.url}/conversations/${id}/items/${first.last_id}`, { method: "DELETE" });
    expect((await page("order=asc")).data.map((i) => i.content[0]?.text)).toEqual(["a", "c"]);
  });

  it("takes nothing from a turn that failed", async () => {
    const failing = await startTestServer({ script: async () => turnResult({ status: "failed" }) });
    const there = (await (await post(`${failing.url}/conversations`, {})).json()) as { id: string };
    await post(`${failing.url}/responses`, { input: "q", conversation: there.id });
    const items = (await (await fetch(`${failing.url}/conversations/${there.id}/items`)).json()) as {
      data: [];
    };
    expect(items.data).toEqual([]);
    await failing.close();
  });
});

describe("a stored response", () => {
  it("is nobody else's", async () => {
    const { id } = await ask({ input: "q" }, "ada");
    const as = (user: string, path = "", method = "GET") =>
      fetch(`${server.url}/v1/responses/${id}${path}`, { method, headers: { "x-test-user": user } });
    const foreign = [
      await as("bob"),
      await as("bob", "/input_items"),
      await as("bob", "", "DELETE"),
      await as("bob", "/cancel", "POST"),
    ];
    expect(foreign.map((response) => response.status)).toEqual([404, 404, 404, 404]);
    expect((await as("ada")).status).toBe(200);
    expect((await as("ada", "/cancel", "POST")).status).toBe(400);
  });
});
