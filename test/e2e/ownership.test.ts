/** What one user made does not exist for another: every route of the table that takes an id, and every body that does. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allRoutes } from "../../server/routes/all-routes.ts";
import { socketClient } from "../server/socket-client.ts";
import { overlay } from "../tracing/overlay.ts";
import { startStack, type Stack } from "./stack.ts";

const ADA = { "x-forwarded-email": "ada@example.com" };
const BOB = { "x-forwarded-email": "bob@example.com" };
const QUESTION = "What does the retention playbook say about low usage?";

let stack: Stack;
let ids: Record<string, string>;

beforeAll(async () => {
  stack = await startStack(overlay({ server: { trusted_proxies: ["127.0.0.1", "::1"] } }));
  const { body: response } = await stack.ask({ input: QUESTION, background: false }, ADA);
  const evidence = response.custom_outputs["backend_calls"] as { evidence: { id: string }[] }[];
  const items = [{ type: "message", role: "user", content: "hello" }];
  const conversation = (await send("post", "/conversations", ADA, { items })).body as { id: string };
  const listed = (await send("get", `/conversations/${conversation.id}/items`, ADA)).body as {
    data: { id: string }[];
  };
  ids = {
    response_id: response.id,
    thread_id: response.custom_outputs.thread_id,
    evidence_id: evidence[0]?.evidence[0]?.id ?? "",
    conversation_id: conversation.id,
    item_id: listed.data[0]?.id ?? "",
    trace_id: response.id,
  };
}, 60_000);
afterAll(() => stack.close());

async function send(method: string, path: string, headers: Record<string, string>, body?: object) {
  const reply = await fetch(stack.url + path, {
    method: method.toUpperCase(),
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  const parsed: unknown = text.startsWith("{") ? JSON.parse(text) : text;
  return { status: reply.status, body: parsed };
}

/** Valid bodies, so that nothing but the owner can be what is wrong. */
const BODIES: Record<string, object> = {
  "/conversations/:conversation_id": { metadata: {} },
  "/conversations/:conversation_id/items": { items: [{ role: "user", content: "x" }] },
  "/threads/:thread_id/fork": { run: false },
  "/responses/:response_id/reroute": { backends: ["policy_assistant"] },
};

const routes = allRoutes({ name: "n", description: "d" })
  .filter(({ paths }) => paths.some((path) => path.includes(":")))
  .map(({ method, paths }) => [method, paths[0] ?? ""] as const);
/** What removes comes last, so that all others find something. */
const inOrder = routes.toSorted(([a], [b]) => Number(a === "delete") - Number(b === "delete"));

function filled(path: string): string {
  return path.replaceAll(/:(\w+)/g, (_all, name: string) => ids[name] ?? "");
}

describe("a thing of another user", () => {
  it.each(inOrder)("is not there for %s %s", async (method, path) => {
    const body = method === "post" ? (BODIES[path] ?? {}) : undefined;
    expect(filled(path)).not.toMatch(/\/(\/|$)/);
    const { status, body: answer } = await send(method, filled(path), BOB, body);
    expect(status).toBe(404);
    expect(answer).toMatchObject({ error: { type: "invalid_request_error" } });
  });

  it.each([
    ["/responses", () => ({ input: "x", previous_response_id: ids["response_id"] }), 400],
    ["/responses", () => ({ input: "x", conversation: ids["conversation_id"] }), 404],
    ["/responses", () => ({ input: [{ type: "item_reference", id: ids["item_id"] }] }), 404],
    ["/responses/compact", () => ({ model: "m", previous_response_id: ids["response_id"] }), 400],
    ["/responses/input_tokens", () => ({ previous_response_id: ids["response_id"] }), 400],
    ["/plan", () => ({ input: "x", previous_response_id: ids["response_id"] }), 400],
    ["/feedback", () => ({ response_id: ids["response_id"], value: true }), 404],
  ])("is not there when a body of %s names it", async (path, body, status) => {
    expect((await send("post", path, BOB, body())).status).toBe(status);
  });

  it("is not there over a WebSocket", async () => {
    const client = await socketClient(stack.url, BOB);
    const { error } = await client.turn({ input: "x", previous_response_id: ids["response_id"] });
    expect(error?.code).toBe("previous_response_not_found");
    await client.close();
  });

  it("is not continued by naming its thread: a thread of the own begins", async () => {
    const custom_inputs = { thread_id: ids["thread_id"] };
    await stack.ask({ input: QUESTION, custom_inputs }, BOB);
    const history = await send("get", `/threads/${ids["thread_id"]}/history`, BOB);
    const turns = JSON.stringify(history.body);
    expect(turns).not.toContain(ids["response_id"]);
  });

  it("cannot be claimed in the body", async () => {
    const context = { user_id: "ada@example.com" };
    const { body } = await stack.ask({ input: QUESTION, context, user: "ada@example.com" }, BOB);
    expect((await send("get", `/responses/${body.id}`, ADA)).status).toBe(404);
    expect((await send("get", `/responses/${body.id}`, BOB)).status).toBe(200);
  });

  it("was there for its owner all the time", async () => {
    for (const [method, path] of inOrder) {
      if (path.endsWith("/cancel") || path.endsWith("/reroute") || path.endsWith("/fork")) continue;
      if (method === "delete") continue;
      const body = method === "post" ? (BODIES[path] ?? {}) : undefined;
      expect({ path, status: (await send(method, filled(path), ADA, body)).status }).toEqual({
        path,
        status: 200,
      });
    }
  });
});

describe("forwarded headers of a peer that is no proxy", () => {
  it("change nothing", async () => {
    const open = await startStack();
    try {
      const made = await open.ask({ input: QUESTION }, ADA);
      const url = `${open.url}/responses/${made.body.id}`;
      const forged: Record<string, string>[] = [
        ADA,
        BOB,
        {},
        { "x-forwarded-user": "root", "x-forwarded-for": "127.0.0.1" },
      ];
      for (const headers of forged) expect((await fetch(url, { headers })).status).toBe(200);
    } finally {
      await open.close();
    }
  }, 60_000);
});
