/** Every kind of bad request gets a 4xx in the documented shape and never reaches the graph. */
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REQUEST_ERROR_STATUS, type RequestErrorCode } from "../../server/errors.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    config: { server: { limits: { body_bytes: 100_000, input_items: 50 } } },
  });
});
afterAll(() => server.close());

const JSON_TYPE = "application/json";
const user = (content: unknown) => ({ role: "user", content });
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

type Expected = [code: RequestErrorCode, param: string | null];
type BodyCase = [name: string, body: unknown, ...Expected];

/** Bodies that are JSON. */
const BODIES: BodyCase[] = [
  ["an array as body", [], "invalid_type", null],
  ["a string as body", "hello", "invalid_type", null],
  ["null as body", null, "invalid_type", null],
  ["a number as body", 7, "invalid_type", null],
  ["no input", {}, "missing_required_parameter", "input"],
  ["null as input", { input: null }, "missing_required_parameter", "input"],
  ["a number as input", { input: 5 }, "invalid_type", "input"],
  ["an object as input", { input: { role: "user" } }, "invalid_type", "input"],
  ["an empty list", { input: [] }, "invalid_value", "input"],
  ["an empty string", { input: "" }, "invalid_value", "input"],
  ["blank text", { input: " \n\t " }, "invalid_value", "input"],
  ["only a system message", { input: [{ role: "system", content: "Be kind." }] }, "invalid_value", "input"],
  ["only an assistant message", { input: [{ role: "assistant", content: "Hi" }] }, "invalid_value", "input"],
  ["a string as item", { input: ["hello"] }, "invalid_type", "input[0]"],
  ["null as item", { input: [null] }, "invalid_type", "input[0]"],
  ["a list as item", { input: [[]] }, "invalid_type", "input[0]"],
  ["an unknown item type", { input: [{ type: "banana" }] }, "invalid_value", "input[0].type"],
  ["a number as item type", { input: [{ type: 3 }] }, "invalid_value", "input[0].type"],
  ["an inherited name as item type", { input: [{ type: "constructor" }] }, "invalid_value", "input[0].type"],
  ["an unknown role", { input: [{ role: "king", content: "x" }] }, "invalid_value", "input[0].role"],
  ["no role", { input: [{ content: "x" }] }, "invalid_value", "input[0].role"],
  ["a number as role", { input: [{ role: 1, content: "x" }] }, "invalid_value", "input[0].role"],
  ["no content", { input: [{ role: "user" }] }, "missing_required_parameter", "input[0].content"],
  ["a number as content", { input: [user(3)] }, "invalid_type", "input[0].content"],
  ["an unknown part", { input: [user([{ type: "smell" }])] }, "invalid_value", "input[0].content[0].type"],
  [
    "a part without text",
    { input: [user([{ type: "input_text" }])] },
    "missing_required_parameter",
    "input[0].content[0].text",
  ],
  [
    "a number as text",
    { input: [user([{ type: "input_text", text: 1 }])] },
    "invalid_type",
    "input[0].content[0].text",
  ],
  [
    "a call without call_id",
    { input: [{ type: "function_call", name: "f", arguments: "{}" }] },
    "missing_required_parameter",
    "input[0].call_id",
  ],
  [
    "an output without its call",
    { input: [{ type: "function_call_output", call_id: "c1", output: "x" }] },
    "invalid_value",
    "input",
  ],
  [
    "a reference to nothing",
    { input: [{ type: "item_reference", id: "msg_1" }] },
    "not_found",
    "input[0].id",
  ],
  [
    "an approval of nothing",
    { input: [{ type: "mcp_approval_response", approval_request_id: "a", approve: true }] },
    "invalid_value",
    "input[0]",
  ],
  [
    "an approval that is no boolean",
    { input: [{ type: "mcp_approval_response", approval_request_id: "a", approve: "yes" }] },
    "invalid_type",
    "input[0].approve",
  ],
  ["too many items", { input: Array.from({ length: 51 }, () => user("x")) }, "invalid_value", "input"],
  ["a string as stream", { input: "x", stream: "true" }, "invalid_type", "stream"],
  ["a list as metadata", { input: "x", metadata: [] }, "invalid_type", "metadata"],
  ["a number in metadata", { input: "x", metadata: { a: 1 } }, "invalid_type", "metadata.a"],
  ["a long metadata value", { input: "x", metadata: { a: "y".repeat(513) } }, "invalid_value", "metadata.a"],
  [
    "17 metadata keys",
    { input: "x", metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, "v"])) },
    "invalid_value",
    "metadata",
  ],
  [
    "an unknown previous response",
    { input: "x", previous_response_id: "resp_no" },
    "previous_response_not_found",
    "previous_response_id",
  ],
  [
    "a number as previous response",
    { input: "x", previous_response_id: 1 },
    "invalid_type",
    "previous_response_id",
  ],
  ["an unknown conversation", { input: "x", conversation: "conv_no" }, "not_found", "conversation"],
  ["a list as conversation", { input: "x", conversation: [] }, "invalid_type", "conversation"],
  [
    "previous response and conversation",
    { input: "x", previous_response_id: "a", conversation: "b" },
    "mutually_exclusive_parameters",
    "previous_response_id",
  ],
  [
    "background without storing",
    { input: "x", background: true, store: false },
    "mutually_exclusive_parameters",
    "background",
  ],
  [
    "a hosted tool",
    { input: "x", tools: [{ type: "web_search" }] },
    "unsupported_parameter",
    "tools[0].type",
  ],
  [
    "a tool without name",
    { input: "x", tools: [{ type: "function" }] },
    "missing_required_parameter",
    "tools[0].name",
  ],
  [
    "a tool with a strange name",
    { input: "x", tools: [{ type: "function", name: "a b" }] },
    "invalid_value",
    "tools[0].name",
  ],
  [
    "tools without a model",
    { input: "x", tools: [{ type: "function", name: "f" }] },
    "unsupported_parameter",
    "tools",
  ],
  [
    "json_schema without a model",
    { input: "x", text: { format: { type: "json_schema", name: "n", schema: {} } } },
    "unsupported_parameter",
    "text.format",
  ],
  ["an unknown tool_choice", { input: "x", tool_choice: "maybe" }, "invalid_value", "tool_choice"],
  [
    "an unknown text format",
    { input: "x", text: { format: { type: "xml" } } },
    "invalid_value",
    "text.format.type",
  ],
  ["a high temperature", { input: "x", temperature: 3 }, "invalid_value", "temperature"],
  ["a string as temperature", { input: "x", temperature: "1" }, "invalid_type", "temperature"],
  ["top_p over 1", { input: "x", top_p: 1.1 }, "invalid_value", "top_p"],
  ["no output tokens", { input: "x", max_output_tokens: 0 }, "invalid_value", "max_output_tokens"],
  ["half a token", { input: "x", max_output_tokens: 1.5 }, "invalid_type", "max_output_tokens"],
  [
    "a number as thread",
    { input: "x", custom_inputs: { thread_id: 5 } },
    "invalid_type",
    "custom_inputs.thread_id",
  ],
  [
    "a long thread name",
    { input: "x", custom_inputs: { thread_id: "t".repeat(257) } },
    "invalid_value",
    "custom_inputs.thread_id",
  ],
  [
    "an unknown backend",
    { input: "x", custom_inputs: { backends: ["nobody"] } },
    "invalid_value",
    "custom_inputs.backends[0]",
  ],
  [
    "an unknown style of items",
    { input: "x", custom_inputs: { backend_items: "smoke" } },
    "invalid_value",
    "custom_inputs.backend_items",
  ],
  [
    "half a plan",
    { input: "x", custom_inputs: { plan: { kind: "plan" } } },
    "missing_required_parameter",
    "custom_inputs.plan.decision",
  ],
  ["a list as context", { input: "x", context: [] }, "invalid_type", "context"],
  ["a NUL character", { input: "a\u0000b" }, "invalid_value", null],
  [
    "a thread's name that no address can hold",
    { input: "x", custom_inputs: { thread_id: "half \ud83d" } },
    "invalid_value",
    "custom_inputs.thread_id",
  ],
];

type RawCase = [name: string, body: string | Uint8Array, headers: Record<string, string>, ...Expected];

/** Bodies that are broken as bytes, and headers that lie. */
const RAW: RawCase[] = [
  ["broken JSON", '{"input": ', { "content-type": JSON_TYPE }, "invalid_json", null],
  ["trailing garbage", '{"input":"x"} extra', { "content-type": JSON_TYPE }, "invalid_json", null],
  ["single quotes", "{'input':'x'}", { "content-type": JSON_TYPE }, "invalid_json", null],
  ["NaN", '{"temperature": NaN}', { "content-type": JSON_TYPE }, "invalid_json", null],
  ["an empty body", "", { "content-type": JSON_TYPE }, "invalid_json", null],
  [
    "invalid UTF-8",
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    { "content-type": JSON_TYPE },
    "invalid_json",
    null,
  ],
  ["UTF-16", Buffer.from('{"input":"x"}', "utf16le"), { "content-type": JSON_TYPE }, "invalid_json", null],
  [
    "deep nesting",
    `{"input":"x","tools":${nested(200)}}`,
    { "content-type": JSON_TYPE },
    "invalid_value",
    null,
  ],
  ["nesting beyond the stack", nested(40_000), { "content-type": JSON_TYPE }, "invalid_value", null],
  [
    "a huge body",
    JSON.stringify({ input: "x".repeat(100_001) }),
    { "content-type": JSON_TYPE },
    "request_too_large",
    null,
  ],
  [
    "a huge body in a small gzip",
    gzipSync(JSON.stringify({ input: "x".repeat(1_000_000) })),
    { "content-type": JSON_TYPE, "content-encoding": "gzip" },
    "request_too_large",
    null,
  ],
  [
    "broken gzip",
    "not gzip",
    { "content-type": JSON_TYPE, "content-encoding": "gzip" },
    "invalid_value",
    null,
  ],
  [
    "an unknown encoding",
    "x",
    { "content-type": JSON_TYPE, "content-encoding": "snail" },
    "unsupported_media_type",
    null,
  ],
  ["plain text", '{"input":"x"}', { "content-type": "text/plain" }, "unsupported_media_type", null],
  [
    "a form",
    "input=x",
    { "content-type": "application/x-www-form-urlencoded" },
    "unsupported_media_type",
    null,
  ],
  [
    "another charset",
    '{"input":"x"}',
    { "content-type": "application/json; charset=latin1" },
    "unsupported_media_type",
    null,
  ],
  ["a media type that is none", '{"input":"x"}', { "content-type": "jason" }, "unsupported_media_type", null],
  [
    "an unknown style of items by header",
    '{"input":"x"}',
    { "content-type": JSON_TYPE, "x-orchestrator-backend-items": "smoke" },
    "invalid_value",
    "x-orchestrator-backend-items",
  ],
  [
    "a long idempotency key",
    '{"input":"x"}',
    { "content-type": JSON_TYPE, "idempotency-key": "k".repeat(256) },
    "invalid_value",
    "Idempotency-Key",
  ],
];

type UrlCase = [name: string, method: string, path: string, ...Expected];

const URLS: UrlCase[] = [
  ["an unknown path", "GET", "/v2/responses", "unknown_url", null],
  ["GET on create", "GET", "/responses", "method_not_allowed", null],
  ["PUT on create", "PUT", "/v1/responses", "method_not_allowed", null],
  ["POST on health", "POST", "/health", "method_not_allowed", null],
  ["an unknown response", "GET", "/v1/responses/resp_no", "response_not_found", "response_id"],
  ["an unknown response to delete", "DELETE", "/responses/resp_no", "response_not_found", "response_id"],
  ["an unknown response to cancel", "POST", "/responses/resp_no/cancel", "response_not_found", "response_id"],
  [
    "items of an unknown response",
    "GET",
    "/responses/resp_no/input_items",
    "response_not_found",
    "response_id",
  ],
  ["a limit over 100", "GET", "/responses/resp_no/input_items?limit=101", "invalid_value", "limit"],
  ["an order that is none", "GET", "/responses/resp_no/input_items?order=up", "invalid_value", "order"],
  [
    "a cursor without stream",
    "GET",
    "/responses/resp_no?starting_after=1",
    "invalid_value",
    "starting_after",
  ],
  [
    "a cursor that is no number",
    "GET",
    "/responses/resp_no?stream=true&starting_after=x",
    "invalid_type",
    "starting_after",
  ],
  ["an unknown conversation", "GET", "/v1/conversations/conv_no", "not_found", "conversation_id"],
  ["an unknown item", "GET", "/v1/conversations/conv_no/items/msg_1", "not_found", "item_id"],
  ["a broken escape", "GET", "/responses/%E0%A4%A", "invalid_value", null],
];

/** What of an answer the contract fixes; the message only by its length. */
async function refusal(response: Response): Promise<object> {
  const text = await response.text();
  const { error } = JSON.parse(text) as { error: { message: string } };
  return {
    status: response.status,
    content_type: response.headers.get("content-type"),
    has_request_id: /^[\w.:-]+$/.test(response.headers.get("x-request-id") ?? ""),
    leaks: /node_modules|\.ts:|at \w+ \(/.test(text),
    error: { ...error, message: error.message.length > 4 && error.message.length < 300 },
  };
}

function refused(code: RequestErrorCode, param: string | null): object {
  return {
    status: REQUEST_ERROR_STATUS[code],
    content_type: "application/json; charset=utf-8",
    has_request_id: true,
    leaks: false,
    error: { message: true, type: "invalid_request_error", param, code },
  };
}

describe("a bad request", () => {
  it("comes in more than 50 kinds here", () => {
    expect(BODIES.length + RAW.length + URLS.length).toBeGreaterThan(90);
  });

  it.each(BODIES)("%s is refused", async (_name, body, ...expected) => {
    const init = { method: "POST", headers: { "content-type": JSON_TYPE }, body: JSON.stringify(body) };
    expect(await refusal(await fetch(`${server.url}/v1/responses`, init))).toEqual(refused(...expected));
    expect(await refusal(await fetch(`${server.url}/invocations`, init))).toEqual(refused(...expected));
  });

  it.each(RAW)("%s is refused", async (_name, body, headers, ...expected) => {
    expect(await refusal(await fetch(`${server.url}/responses`, { method: "POST", headers, body }))).toEqual(
      refused(...expected),
    );
  });

  it.each(URLS)("%s is refused", async (_name, method, path, ...expected) => {
    expect(await refusal(await fetch(server.url + path, { method }))).toEqual(refused(...expected));
  });

  it("is refused as JSON even when a stream was asked for", async () => {
    const init = {
      method: "POST",
      headers: { "content-type": JSON_TYPE },
      body: '{"input":[],"stream":true}',
    };
    expect(await refusal(await fetch(`${server.url}/responses`, init))).toEqual(
      refused("invalid_value", "input"),
    );
  });

  it("is refused without a media type, which browsers send across origins unasked", async () => {
    const body = '{"input":"x"}';
    const raw = await rawRequest(
      `POST /responses HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(raw).toMatch(/^HTTP\/1\.1 415 /);
    expect(raw).toContain('"code":"unsupported_media_type"');
  });

  it("that breaks off half way reaches nobody", async () => {
    const raw = await rawRequest(
      "POST /responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    );
    expect(raw).not.toContain("200 OK");
  });

  it("names the methods of a path", async () => {
    const put = await fetch(`${server.url}/responses/resp_1`, { method: "PUT" });
    expect(put.headers.get("allow")).toBe("GET, HEAD, DELETE, OPTIONS");
    const options = await fetch(`${server.url}/responses`, { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, "POST, OPTIONS"]);
  });

  it("never reaches the graph and is no error of ours", () => {
    expect(server.orchestrator.turns).toEqual([]);
    expect(server.logged).toEqual([]);
  });
});

/** Sends bytes as they are, half closes, and returns what comes back. */
function rawRequest(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => socket.end(bytes));
    let received = "";
    socket.on("data", (chunk) => (received += chunk.toString()));
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
  });
}
