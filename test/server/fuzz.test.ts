/** Requests that nobody designed: whatever comes, the answer is the documented one and never a fault of ours. */
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REQUEST_ERROR_STATUS } from "../../server/errors.ts";
import { allRoutes } from "../../server/routes/all-routes.ts";
import { checkStream } from "./stream-checker.ts";
import { startTestServer, type TestServer, WITH_MODEL } from "./test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ config: { ...WITH_MODEL, server: { limits: { body_bytes: 200_000 } } } });
});
afterAll(() => server.close());

const text = fc.string({ unit: "binary", maxLength: 20 });
const anything = fc.jsonValue({ maxDepth: 3 });
const id = fc.constantFrom("c1", "msg_1", `call_${"a".repeat(32)}0`, `resp_${"b".repeat(32)}`, "");

/** Usually what the schema says, now and then something else. */
const mostly = <T>(valid: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 30, arbitrary: valid }, { weight: 1, arbitrary: anything });

const part = fc.oneof(
  fc.record({ type: fc.constantFrom("input_text", "output_text", "text"), text }),
  fc.record({ type: fc.constant("input_image"), image_url: text, detail: fc.constant("auto") }),
  fc.record({ type: fc.constant("input_file"), filename: text, file_data: text }),
  fc.record({ type: fc.constant("refusal"), refusal: text }),
);
const message = fc.record(
  {
    type: fc.constant("message"),
    role: fc.constantFrom("user", "assistant", "system", "developer"),
    content: fc.oneof(text, fc.array(mostly(part), { maxLength: 3 })),
  },
  { requiredKeys: ["role", "content"] },
);
const item = fc.oneof(
  { weight: 8, arbitrary: message },
  fc.record({
    type: fc.constant("function_call"),
    call_id: id,
    name: fc.constantFrom("sales_genie", "f"),
    arguments: text,
  }),
  fc.record({ type: fc.constant("function_call_output"), call_id: id, output: text }),
  fc.record({ type: fc.constant("item_reference"), id }),
  fc.record({ type: fc.constant("mcp_approval_response"), approval_request_id: id, approve: fc.boolean() }),
  fc.record({ type: fc.constantFrom("reasoning", "mcp_call", "mcp_approval_request", "compaction"), id }),
);
const tool = fc.record({
  type: fc.constant("function"),
  name: fc.constantFrom("f", "g", "sales_genie"),
  parameters: mostly(fc.dictionary(text, anything)),
});
const body = fc.record(
  {
    input: fc.oneof(text, fc.array(mostly(item), { minLength: 1, maxLength: 4 })),
    model: mostly(fc.constantFrom("title-model", "apps/x", null)),
    instructions: mostly(text),
    metadata: mostly(fc.dictionary(text, text, { maxKeys: 3 })),
    previous_response_id: mostly(fc.constantFrom("", null)),
    conversation: mostly(fc.constant(null)),
    store: mostly(fc.boolean()),
    tools: mostly(fc.array(tool, { maxLength: 2 })),
    tool_choice: mostly(fc.constantFrom("auto", "none", "required")),
    text: mostly(fc.record({ format: fc.record({ type: fc.constantFrom("text", "json_object") }) })),
    temperature: mostly(fc.double({ min: 0, max: 2, noNaN: true })),
    max_output_tokens: mostly(fc.integer({ min: 1 })),
    custom_inputs: mostly(
      fc.record({ thread_id: text, backend_items: fc.constantFrom("none", "mcp_call", "function_call") }),
    ),
    context: mostly(fc.record({ conversation_id: text })),
    databricks_options: mostly(fc.record({ return_trace: fc.boolean() })),
  },
  { requiredKeys: ["input"] },
);

/** A failing answer in the documented shape; anything else is told. */
async function verdict(response: Response): Promise<string> {
  const raw = await response.text();
  if (response.headers.get("content-type")?.startsWith("text/event-stream") === true) {
    return checkStream(raw).response.status;
  }
  if (response.status === 200 || response.status === 204) return "completed";
  const { error } = JSON.parse(raw) as { error: { code: keyof typeof REQUEST_ERROR_STATUS } };
  if (response.status >= 500) return raw;
  return REQUEST_ERROR_STATUS[error.code] === response.status ? "refused" : raw;
}

const GOOD = ["completed", "refused"];

describe("the server", () => {
  it("answers or refuses any body, streamed or not", async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        body,
        fc.boolean(),
        fc.constantFrom("/responses", "/invocations"),
        async (json, stream, path) => {
          const response = await fetch(server.url + path, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ ...json, stream }),
          });
          const outcome = await verdict(response);
          seen.add(outcome);
          expect(GOOD).toContain(outcome);
        },
      ),
      { numRuns: 600 },
    );
    expect([...seen].sort()).toEqual(GOOD);
    expect(server.logged).toEqual([]);
  });

  it("answers or refuses any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        const response = await fetch(`${server.url}/responses`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: bytes,
        });
        expect(GOOD).toContain(await verdict(response));
      }),
      { numRuns: 200 },
    );
    expect(server.logged).toEqual([]);
  });

  it("answers or refuses any path and method", async () => {
    const segment = fc.oneof(
      fc.constantFrom(
        "v1",
        "responses",
        "conversations",
        "items",
        "input_items",
        "cancel",
        "health",
        "plan",
        "..",
        "%2e%2e",
        "%00",
        "%",
      ),
      fc.webSegment(),
    );
    const path = fc.array(segment, { maxLength: 5 }).map((parts) => `/${parts.join("/")}`);
    const query = fc.oneof(
      fc.constant(""),
      fc.webQueryParameters().map((q) => `?${q}`),
      fc.constantFrom("?stream=true", "?limit=x", "?order=asc&after=a"),
    );
    await fc.assert(
      fc.asyncProperty(
        path,
        query,
        fc.constantFrom("GET", "DELETE", "PUT", "OPTIONS", "PATCH"),
        async (p, q, method) => {
          expect(GOOD).toContain(await verdict(await fetch(server.url + p + q, { method })));
        },
      ),
      { numRuns: 600 },
    );
    expect(server.logged).toEqual([]);
  });

  it("answers or refuses any body and id on every route of the table", async () => {
    const route = fc.constantFrom(
      ...allRoutes({ name: "n", description: "d" }).flatMap(({ method, paths }) =>
        paths.map((path) => ({ method, path })),
      ),
    );
    const json = fc.oneof(body, fc.dictionary(text, anything), anything);
    await fc.assert(
      fc.asyncProperty(route, id, json, async ({ method, path }, name, sent) => {
        const url = server.url + path.replaceAll(/:\w+/g, encodeURIComponent(name || "x"));
        const reply = await fetch(url, {
          method: method.toUpperCase(),
          headers: { "content-type": "application/json" },
          ...(method === "post" ? { body: JSON.stringify(sent) } : {}),
        });
        expect(reply.status).toBeLessThan(500);
        expect(reply.headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/);
        await reply.text();
      }),
      { numRuns: 1_000 },
    );
    expect(server.logged).toEqual([]);
  });
});
