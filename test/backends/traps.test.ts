/** The traps of the wire that the sandbox must play, else tests against it prove nothing: each as sent, and as read. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { call, frames, POLICY_TEXT, SPACE } from "../sandbox/wire-company.ts";
import { failure, KINDS, openWorkspace, question, recorded, type Workspace } from "./workspace.ts";

let workspace: Workspace;
beforeAll(async () => {
  const { retention, data, docs, chat } = KINDS;
  workspace = await openWorkspace([retention, { ...data, transport: "mcp" }, docs, chat]);
});
afterAll(() => workspace.stop());

const ask = (name: string) => workspace.backend(name).ask(question("MRR?"), recorded());

/** The types of the frames of a stream; an untyped frame by its keys. */
async function sent(url: string, body: object, headers = {}): Promise<{ types: string[]; text: string }> {
  const { text } = await call(url, { body: { stream: true, ...body }, headers });
  return { text, types: frames(text).map((frame) => frame.type ?? Object.keys(frame).join()) };
}

const input = [{ role: "user", content: "MRR?" }];
const endpoint = (name: string) => `${workspace.sandbox.url}/serving-endpoints/${name}`;

it("several response cycles in one stream are all read, up to the answer in the last", async () => {
  const { types } = await sent(`${workspace.sandbox.appUrl}/responses`, { input });
  expect(types.filter((type) => type === "response.completed")).toHaveLength(2);
  expect((await ask("retention")).text).toContain("Plan for: MRR?");
});

it("untyped frames bring the trace id of an app, and an error after HTTP 200", async () => {
  const headers = { "x-mlflow-return-trace-id": "true" };
  const { types } = await sent(`${workspace.sandbox.appUrl}/responses`, { input }, headers);
  expect(types).toContain("trace_id");
  expect((await ask("retention")).trace_id).toMatch(/^tr-[0-9a-f]{32}$/);
  const fault = { kind: "error_frame", form: "untyped", message: "out of rules" };
  await workspace.admin("/faults", { endpoint: "app", fault, times: 2 });
  expect((await sent(`${workspace.sandbox.appUrl}/responses`, { input })).types).toContain("error");
  expect((await failure(ask("retention"))).code).toBe("failed");
});

it("text that stands only in done items is the answer", async () => {
  await workspace.admin("/switches", { ka_stream: "done_only" });
  const { types, text } = await sent(endpoint("responses"), { model: "ka-policies-endpoint", input });
  expect(types).not.toContain("response.output_text.delta");
  expect(text).toContain("Refunds take 5 days");
  expect((await ask("docs")).text).toBe(POLICY_TEXT);
  await workspace.admin("/switches", { ka_stream: "deltas" });
});

it("MCP text that is sent twice counts once, and results in camel case are read", async () => {
  const params = { name: `query_space_${SPACE}`, arguments: { query: "MRR?" } };
  const { body } = await call(`${workspace.sandbox.url}/api/2.0/mcp/genie/${SPACE}`, {
    body: { jsonrpc: "2.0", id: 1, method: "tools/call", params },
  });
  const { content, structuredContent } = body.result;
  expect(content).toEqual([0, 1].map(() => ({ type: "text", text: JSON.stringify(structuredContent) })));
  expect(Object.keys(structuredContent).slice(0, 2)).toEqual(["conversationId", "messageId"]);
  const answer = await ask("data");
  expect([answer.text, answer.evidence.length]).toEqual(["Answer to: MRR?", 1]);
});

it("a personal access token is sent from an app to a login page, which is not followed", async () => {
  const { status, headers } = await call(`${workspace.sandbox.appUrl}/responses`, {
    token: "dapi1",
    body: { input },
  });
  expect([status, headers.get("location")]).toEqual([302, expect.stringContaining("/login.html")]);
  const { url: host } = workspace.sandbox;
  const config = { workspace: { host, token: "dapi0123456789abcdef" } };
  const own = await openWorkspace([KINDS.retention], { on: workspace.sandbox, config });
  const error = await failure(own.backend("retention").ask(question("MRR?"), recorded()));
  expect([error.code, error.message]).toEqual(["unauthorized", expect.stringContaining("OAuth")]);
  await own.stop();
});

it("content in block form gives its text without the reasoning", async () => {
  const reasoning = { type: "reasoning", summary: [{ type: "summary_text", text: "Hm." }] };
  const blocks = [reasoning, { type: "text", text: "It is 12." }];
  await workspace.admin("/model/queue", [{ blocks }, { blocks }]);
  const url = endpoint("sandbox-model/invocations");
  const { body } = await call(url, { body: { messages: input } });
  expect(body.choices[0].message.content).toEqual(blocks);
  expect((await ask("chat")).text).toBe("It is 12.");
});
