/** The app agent: looked up in the workspace, served on its own port, OAuth only. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/server.ts";
import { call, frames, startStubSandbox } from "./wire-company.ts";

let sandbox: Sandbox;
const lookUp = (name = "retention-agent") => call(`${sandbox.url}/api/2.0/apps/${name}`);
const change = (body: unknown) => call(`${sandbox.url}/_admin/apps/retention-agent`, { body });
const question = [
  { role: "user", content: "Segment: Enterprise" },
  { role: "assistant", content: [{ type: "output_text", text: "Noted" }] },
  { role: "user", content: [{ type: "input_text", text: "Plan it" }] },
];
const ask = (body: unknown, token = "user-ada", path = "responses", headers = {}) =>
  call(`${sandbox.appUrl}/${path}`, { token, body, headers });

beforeAll(async () => {
  sandbox = await startStubSandbox();
});
afterAll(() => sandbox.close());

describe("the Apps API", () => {
  it("tells the URL of a running app", async () => {
    expect((await lookUp()).body).toMatchObject({
      name: "retention-agent",
      url: sandbox.appUrl,
      app_status: { state: "RUNNING" },
      compute_status: { state: "ACTIVE" },
    });
  });

  it("answers 404 for an unknown app", async () => {
    const { status, body } = await lookUp("nope");
    expect([status, body.message]).toEqual([404, "Resource apps.App not found: nope"]);
  });

  it("refuses connections to a stopped app until it runs again", async () => {
    await change({ state: "STOPPED" });
    expect((await lookUp()).body.compute_status.state).toBe("STOPPED");
    await expect(ask({ input: question })).rejects.toThrow("fetch failed");
    await change({ state: "RUNNING" });
    expect((await ask({ input: question })).status).toBe(200);
  });

  it("can lose its URL, or have another", async () => {
    await change({ url: null });
    expect((await lookUp()).body.url).toBeUndefined();
    expect((await change({ url: "elsewhere.example.com" })).body.url).toBe("elsewhere.example.com");
    await change({ url: sandbox.appUrl });
  });
});

describe("the agent", () => {
  it("answers on both paths, with earlier messages as context and the trace id only when asked for", async () => {
    const { body } = await ask({ input: question });
    expect(body.output[0].content[0].text).toBe("Plan for: Plan it | Segment: Enterprise / Noted");
    expect(body.custom_outputs).toEqual({ plan: 1 });
    expect(body.metadata).toBeUndefined();
    const trace = {
      "x-mlflow-return-trace-id": "true",
      traceparent: `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`,
    };
    const traced = await ask({ input: question }, "user-ada", "invocations", trace);
    expect(traced.body.metadata.trace_id).toBe(`tr-${"ab".repeat(16)}`);
  });

  it("sends a personal access token, and no token, to the login page", async () => {
    const { status, headers } = await ask({ input: question }, "dapi1");
    expect(status).toBe(302);
    expect(headers.get("location")).toMatch(`${sandbox.url}/login.html`);
    const page = await call(headers.get("location") ?? "", { token: null });
    expect(page.headers.get("content-type")).toContain("text/html");
    expect((await call(`${sandbox.appUrl}/health`, { token: null })).status).toBe(302);
  });

  it("refuses bad requests as AgentServer does", async () => {
    const broken = await call(`${sandbox.appUrl}/responses`, { raw: "{" });
    expect([broken.status, broken.body.detail]).toEqual([
      400,
      expect.stringMatching(/^Invalid JSON in request body: /),
    ]);
    const shapeless = await ask({ messages: [] });
    expect([shapeless.status, shapeless.body.detail]).toEqual([
      400,
      "Invalid parameters for ResponsesAgent: Invalid data for ResponsesAgentRequest: input: field required",
    ]);
    expect((await ask({ input: "text" })).status).toBe(400);
  });

  it("tells what it is and that it lives", async () => {
    expect((await call(`${sandbox.appUrl}/agent/info`)).body).toMatchObject({
      use_case: "agent",
      agent_api: "responses",
    });
    expect((await call(`${sandbox.appUrl}/health`)).body).toEqual({ status: "healthy" });
    expect((await call(`${sandbox.appUrl}/nowhere`)).status).toBe(404);
  });
});

describe("the agent's stream", () => {
  it("runs through two cycles with a bare tool output between, and ends with an untyped trace id", async () => {
    const { text } = await ask({ input: question, stream: true }, "user-ada", "responses", {
      "x-mlflow-return-trace-id": "True",
    });
    expect(text).not.toContain("event:");
    const all = frames(text);
    const types = all.map((frame) => frame.type ?? Object.keys(frame).join());
    expect(types.filter((type) => type === "response.completed")).toHaveLength(2);
    expect(types.indexOf("function_call_output")).toBe(types.indexOf("response.completed") + 1);
    expect(all.at(-2).trace_id).toMatch(/^tr-[0-9a-f]{32}$/);
    expect(all.at(-1)).toBe("[DONE]");
    expect(
      all.filter((frame) => frame.type === "response.created").map((frame) => frame.sequence_number),
    ).toEqual([0, 0]);
    const deltas = all.filter((frame) => frame.type === "response.output_text.delta");
    expect(deltas.map((frame) => frame.delta).join("")).toBe(
      "Plan for: Plan it | Segment: Enterprise / Noted",
    );
    const part = all.find((frame) => frame.type === "response.content_part.added");
    expect(part.item_id).not.toBe(deltas[0].item_id);
  });

  it.each([
    ["untyped", { error: "out of rules" }],
    [
      "typed",
      { type: "error", code: "server_error", message: "out of rules", param: null, sequence_number: 99 },
    ],
  ])("breaks off with an %s error frame after HTTP 200", async (form, frame) => {
    const fault = { kind: "error_frame", form, message: "out of rules" };
    await call(`${sandbox.url}/_admin/faults`, { body: { endpoint: "app", fault, times: 1 } });
    const { status, text } = await ask({ input: question, stream: true });
    expect(status).toBe(200);
    expect(frames(text).slice(-2)).toEqual([frame, "[DONE]"]);
  });
});
