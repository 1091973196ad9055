/** Genie over managed MCP and over the Conversation REST API. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/server.ts";
import { call, SPACE, startStubSandbox } from "./wire-company.ts";

let sandbox: Sandbox;
const admin = (path: string, body?: unknown, method?: string) =>
  call(`${sandbox.url}/_admin/${path}`, { body, method });
const rest = (path: string, body?: unknown, token = "user-ada", method?: string) =>
  call(`${sandbox.url}/api/2.0/genie/spaces/${SPACE}${path}`, { body, token, method });
const rpc = (method: string, params: unknown, headers = {}, token = "user-ada") =>
  call(`${sandbox.url}/api/2.0/mcp/genie/${SPACE}`, {
    body: { jsonrpc: "2.0", id: 1, method, params },
    headers,
    token,
  });

async function connect(token = "user-ada"): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const url = new URL(`${sandbox.url}/api/2.0/mcp/genie/${SPACE}`);
  await client.connect(
    new StreamableHTTPClientTransport(url, {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  );
  return client;
}

/** Everything that polling shows until the status is terminal. */
async function pollMcp(client: Client, query: string) {
  const seen = [];
  let name = `query_space_${SPACE}`;
  let args: Record<string, unknown> = { query };
  for (;;) {
    const result = await client.callTool({ name, arguments: args });
    const reply = result.structuredContent as ReturnType<typeof JSON.parse>;
    if (reply.status !== seen.at(-1)?.reply.status) seen.push({ reply, content: result.content });
    if (["COMPLETED", "FAILED", "QUERY_RESULT_EXPIRED"].includes(reply.status)) return seen;
    name = `poll_response_${SPACE}`;
    args = { conversation_id: reply.conversationId, message_id: reply.messageId };
  }
}

async function askRest(content: string, token = "user-ada") {
  const { body } = await rest("/start-conversation", { content }, token);
  const path = `/conversations/${body.conversation_id}/messages/${body.message_id}`;
  for (;;) {
    const message = (await rest(path, undefined, token)).body;
    if (["COMPLETED", "FAILED", "QUERY_RESULT_EXPIRED"].includes(message.status)) return { path, message };
  }
}

beforeAll(async () => {
  sandbox = await startStubSandbox();
});
beforeEach(() => admin("faults", undefined, "DELETE"));
afterAll(() => sandbox.close());

describe("Genie over MCP", () => {
  it.each(["json", "sse"])("answers the official client with %s replies", async (mcp_reply) => {
    await admin("switches", { mcp_reply });
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([`query_space_${SPACE}`, `poll_response_${SPACE}`]);
    const seen = await pollMcp(client, "MRR by region?");
    const { reply, content } = seen.at(-1) as (typeof seen)[number];
    expect(content).toEqual([0, 1].map(() => ({ type: "text", text: JSON.stringify(reply) })));
    expect(reply.content.textAttachments).toEqual(["Answer to: MRR by region?"]);
    expect(reply.content.queryAttachments[0].statement_response.result.data_array).toEqual([
      { values: [{ string_value: "EMEA" }, { string_value: "120.50" }] },
      { values: [{ null_value: "NULL_VALUE" }, { string_value: "7" }] },
      { values: [{ string_value: "APAC" }, {}] },
    ]);
    await client.close();
    await admin("switches", { mcp_reply: "json" });
  });

  it("walks through its statuses in order", async () => {
    const slow = await startStubSandbox({ genieStepMs: 60 });
    const url = `${slow.url}/api/2.0/genie/spaces/${SPACE}`;
    const { body } = await call(`${url}/start-conversation`, { body: { content: "MRR?" } });
    const seen: string[] = [];
    while (seen.at(-1) !== "COMPLETED") {
      const message = await call(`${url}/conversations/${body.conversation_id}/messages/${body.message_id}`);
      if (message.body.status !== seen.at(-1)) seen.push(message.body.status);
    }
    await slow.close();
    const order = [
      "SUBMITTED",
      "FETCHING_METADATA",
      "FILTERING_CONTEXT",
      "ASKING_AI",
      "PENDING_WAREHOUSE",
      "EXECUTING_QUERY",
    ];
    expect(seen).toEqual([...order, "COMPLETED"].filter((status) => seen.includes(status)));
    expect(seen).toContain("EXECUTING_QUERY");
  });

  it("asks back by a text without a query, and says what failed", async () => {
    const client = await connect();
    const clarifying = (await pollMcp(client, "something ambiguous")).at(-1)?.reply;
    expect(clarifying.content).toMatchObject({ textAttachments: ["Which year?"], queryAttachments: [] });
    const failed = (await pollMcp(client, "broken")).at(-1)?.reply;
    expect([failed.status, failed.error]).toEqual(["FAILED", "No such column."]);
    await client.close();
  });

  it("reports errors about tools and arguments as JSON-RPC errors with HTTP 200", async () => {
    const unknown = await rpc("tools/call", { name: "genie_ask", arguments: {} });
    expect([unknown.status, unknown.body.error.message]).toEqual([
      200,
      "BAD_REQUEST: Tool genie_ask does not exist",
    ]);
    const empty = await rpc("tools/call", { name: `query_space_${SPACE}`, arguments: { query: "" } });
    expect(empty.body.error.message).toBe("BAD_REQUEST: Missing parameter value for query");
    await admin("faults", {
      endpoint: "genie_mcp",
      fault: { kind: "mcp_error", code: -32000, message: "down" },
      times: 1,
    });
    const injected = await rpc("tools/call", { name: `query_space_${SPACE}`, arguments: { query: "x" } });
    expect(injected.body).toEqual({ jsonrpc: "2.0", id: 1, error: { code: -32000, message: "down" } });
  });

  it("accepts notifications with 202, and answers GET with 405", async () => {
    const url = `${sandbox.url}/api/2.0/mcp/genie/${SPACE}`;
    const note = await call(url, { body: { jsonrpc: "2.0", method: "notifications/initialized" } });
    expect(note.status).toBe(202);
    expect((await call(url)).status).toBe(405);
    expect((await call(url, { raw: "[]" })).status).toBe(400);
  });

  it("needs no session, but answers 404 for one that was dropped or is another's", async () => {
    const welcome = await rpc("initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: {},
    });
    const session = { "mcp-session-id": welcome.headers.get("mcp-session-id") ?? "" };
    expect((await rpc("tools/list", {}, session)).status).toBe(200);
    expect((await rpc("tools/list", {}, session, "user-eve")).status).toBe(404);
    expect((await admin("mcp/sessions", undefined, "DELETE")).body.dropped).toBeGreaterThan(0);
    expect((await rpc("tools/list", {}, session)).status).toBe(404);
    expect((await rpc("tools/list", {})).status).toBe(200);
  });

  it("keeps a conversation from other identities", async () => {
    const { path } = await askRest("MRR?");
    const [, , conversation_id, , message_id] = path.split("/");
    const stolen = await rpc(
      "tools/call",
      { name: `poll_response_${SPACE}`, arguments: { conversation_id, message_id } },
      {},
      "user-eve",
    );
    expect(stolen.body.error.message).toMatch(/^PERMISSION_DENIED: /);
    expect((await rest(path, undefined, "user-eve")).status).toBe(403);
  });
});

describe("Genie over REST", () => {
  it("answers with attachments, and rows of plain texts", async () => {
    const { path, message } = await askRest("MRR by region?");
    const [query, text, questions] = message.attachments;
    expect(query.query).toMatchObject({
      query: "SELECT region, mrr FROM t",
      query_result_metadata: { row_count: 3, is_truncated: false },
    });
    expect(text.text).toEqual({ content: "Answer to: MRR by region?" });
    expect(questions.suggested_questions.questions).toEqual(["And by segment?"]);
    const rows = await rest(`${path}/attachments/${query.attachment_id}/query-result`);
    expect(rows.body.statement_response).toMatchObject({
      status: { state: "SUCCEEDED" },
      manifest: { schema: { column_count: 2 }, total_row_count: 3, truncated: false },
      result: {
        data_array: [
          ["EMEA", "120.50"],
          [null, "7"],
          ["APAC", null],
        ],
      },
    });
  });

  it("marks a clarifying question, and carries the error of a failure", async () => {
    const clarifying = (await askRest("ambiguous")).message;
    expect(clarifying.attachments[0].text).toEqual({ content: "Which year?", purpose: "FOLLOW_UP_QUESTION" });
    const failed = (await askRest("broken")).message;
    expect(failed.error).toEqual({ type: "SQL_EXECUTION_EXCEPTION", error: "No such column." });
  });

  it("runs an expired query again", async () => {
    await admin("faults", { endpoint: "genie_rest", fault: { kind: "expired_result" }, times: 1 });
    const { path, message } = await askRest("MRR?");
    expect(message.status).toBe("QUERY_RESULT_EXPIRED");
    const attachment = `${path}/attachments/${message.attachments[0].attachment_id}`;
    expect((await rest(`${attachment}/query-result`)).body.statement_response.status.state).toBe("CLOSED");
    expect((await rest(`${attachment}/execute-query`, {})).body.statement_response.status.state).toBe(
      "PENDING",
    );
    const states: string[] = [];
    while (states.at(-1) !== "SUCCEEDED") {
      states.push((await rest(`${attachment}/query-result`)).body.statement_response.status.state);
    }
  });

  it("goes on with a conversation, lists, takes feedback and deletes", async () => {
    const { path } = await askRest("first", "user-lin");
    const conversation = path.split("/").slice(0, 3).join("/");
    const second = await rest(`${conversation}/messages`, { content: "second" }, "user-lin");
    expect(second.body.conversation_id).toBe(path.split("/")[2]);
    const list = await rest(`${conversation}/messages?page_size=1`, undefined, "user-lin");
    expect([list.body.messages[0].content, list.body.next_page_token]).toEqual(["first", "1"]);
    expect((await rest("/conversations", undefined, "user-lin")).body.conversations).toHaveLength(1);
    expect((await rest(`${path}/feedback`, { rating: "GREAT" }, "user-lin")).status).toBe(400);
    expect((await rest(`${path}/feedback`, { rating: "POSITIVE" }, "user-lin")).status).toBe(200);
    expect((await rest(path, undefined, "user-lin")).body.feedback.rating).toBe("POSITIVE");
    expect((await rest(conversation, undefined, "user-lin", "DELETE")).status).toBe(200);
    expect((await rest(path, undefined, "user-lin")).status).toBe(404);
  });

  it("describes its space and knows no other", async () => {
    expect((await rest("")).body).toMatchObject({ space_id: SPACE, title: "Sales" });
    const { status, body } = await call(`${sandbox.url}/api/2.0/genie/spaces/other`);
    expect([status, body.error_code]).toEqual([404, "RESOURCE_DOES_NOT_EXIST"]);
  });

  it("counts questions over both transports against the limit", async () => {
    await admin("switches", { genie_per_window: 0 });
    const limited = await rest("/start-conversation", { content: "one more" });
    expect([limited.status, limited.body.error_code]).toEqual([429, "REQUEST_LIMIT_EXCEEDED"]);
    const overMcp = await rpc("tools/call", { name: `query_space_${SPACE}`, arguments: { query: "x" } });
    expect(overMcp.status).toBe(429);
    await admin("switches", { genie_per_window: null });
    expect((await rest("/start-conversation", { content: "one more" })).status).toBe(200);
  });
});
