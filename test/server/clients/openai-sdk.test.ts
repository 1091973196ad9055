/** The openai SDK, unmodified, against the server. */
import OpenAI, { APIError } from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestServer } from "../test-server.ts";
import { ALL_FAILED, ANSWER, CITED_URL, startScenarioServer, WEATHER_TOOL } from "./scenarios.ts";

let server: TestServer;
let client: OpenAI;

beforeAll(async () => {
  server = await startScenarioServer();
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "x", maxRetries: 2 });
});
afterAll(() => server.close());

describe("openai SDK", () => {
  it("gets the answer and its citation from responses.create", async () => {
    const response = await client.responses.create({ model: "orchestrator", input: "backends" });
    expect(response.output_text).toBe(ANSWER);
    expect(response.usage?.total_tokens).toBe(13);
    expect(response._request_id).toMatch(/^[0-9a-f]{32}$/);
    const message = response.output.find((item) => item.type === "message");
    const part = message?.content[0];
    expect(part?.type === "output_text" && part.annotations).toMatchObject([
      { type: "url_citation", url: CITED_URL },
    ]);
  });

  it("gets the streamed answer from the responses.stream helper", async () => {
    const deltas: string[] = [];
    const stream = client.responses.stream({ model: "orchestrator", input: "backends" });
    stream.on("response.output_text.delta", (event) => deltas.push(event.delta));
    const final = await stream.finalResponse();
    expect(final.output_text).toBe(ANSWER);
    expect(deltas.length).toBeGreaterThan(5);
    expect(deltas.join("")).toBe(ANSWER);
  });

  it.each(["function_call", "reasoning", "mcp_call", "none"])(
    "follows the responses.stream helper with backend_items %s",
    async (backend_items) => {
      const stream = client.responses.stream({
        model: "orchestrator",
        input: "backends",
        custom_inputs: { backend_items },
      });
      expect((await stream.finalResponse()).output_text).toBe(ANSWER);
    },
  );

  it("reports a run in which every backend failed, without asking again", async () => {
    const before = server.orchestrator.turns.length;
    const error = await client.responses.create({ input: "all failed" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 502, code: "backend_error", type: "server_error" });
    expect((error as APIError).message).toContain(ALL_FAILED);
    expect(server.orchestrator.turns.length - before).toBe(1);
  });

  it("ends a stream that fails in the middle with an error", async () => {
    const seen: string[] = [];
    const stream = await client.responses.create({ input: "broken off", stream: true });
    const failing = (async () => {
      for await (const event of stream) seen.push(event.type);
    })();
    await failing.catch((error: unknown) => seen.push(String(error)));
    expect(seen).toContain("response.output_text.delta");
    expect(
      seen.some((type) => type === "error" || type === "response.failed" || type.includes("Error")),
    ).toBe(true);
    expect(JSON.stringify(seen)).not.toContain("/internal/path");
  });

  it("sees an answer that was cut by the token cap as incomplete", async () => {
    const response = await client.responses.create({ input: "incomplete", max_output_tokens: 3 });
    expect(response).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
    const final = await client.responses.stream({ model: "m", input: "incomplete" }).finalResponse();
    expect(final.status).toBe("incomplete");
  });

  it("goes through a tool loop by previous_response_id", async () => {
    const tools = [{ type: "function" as const, strict: null, ...WEATHER_TOOL }];
    const first = await client.responses.create({ input: "tool", tools });
    const call = first.output.find((item) => item.type === "function_call");
    expect(call).toMatchObject({ name: "get_weather", arguments: '{"location":"Oslo"}' });
    const second = await client.responses.create({
      previous_response_id: first.id,
      input: [{ type: "function_call_output", call_id: call?.call_id ?? "", output: "sunny" }],
      tools,
    });
    expect(second.output_text).toBe("It is sunny in Oslo.");
    expect(server.orchestrator.turns.at(-1)?.input.options.tool_items).toEqual([
      {
        type: "function_call",
        call_id: call?.call_id,
        name: "get_weather",
        arguments: '{"location":"Oslo"}',
      },
      { type: "function_call_output", call_id: call?.call_id, output: "sunny" },
    ]);
  });

  it("fetches, lists and deletes a stored response", async () => {
    const { id } = await client.responses.create({ input: "backends" });
    expect((await client.responses.retrieve(id)).output_text).toBe(ANSWER);
    const items = await client.responses.inputItems.list(id);
    expect(items.data).toMatchObject([{ type: "message", role: "user", content: [{ text: "backends" }] }]);
    await client.responses.delete(id);
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });

  it("replays a stored response as a stream", async () => {
    const { id } = await client.responses.create({ input: "backends" });
    const replayed = await client.responses.stream({ response_id: id }).finalResponse();
    expect(replayed.output_text).toBe(ANSWER);
  });

  it("polls a background response until it is completed", async () => {
    let response = await client.responses.create({
      model: "orchestrator",
      input: "backends",
      background: true,
    });
    expect(response.status).toBe("queued");
    while (response.status === "queued" || response.status === "in_progress")
      response = await client.responses.retrieve(response.id);
    expect([response.status, response.output_text]).toEqual(["completed", ANSWER]);
  });

  it("resumes the stream of a background response behind what it has seen", async () => {
    const options = { model: "orchestrator", input: "backends", background: true, stream: true } as const;
    const seen: number[] = [];
    let id = "";
    for await (const event of await client.responses.create(options)) {
      if (event.type === "response.created") id = event.response.id;
      seen.push(event.sequence_number);
      if (seen.length === 5) break;
    }
    const rest = await client.responses.retrieve(id, { stream: true, starting_after: seen.at(-1) });
    let last = "";
    for await (const event of rest) {
      seen.push(event.sequence_number);
      last = event.type;
    }
    expect(seen).toEqual(seen.map((_, i) => i));
    expect(last).toBe("response.completed");
  });

  it("cancels a background response that is over without harm", async () => {
    const { id } = await client.responses.create({
      model: "orchestrator",
      input: "backends",
      background: true,
    });
    const cancelled = await client.responses.cancel(id);
    expect(["completed", "cancelled"]).toContain(cancelled.status);
  });

  it("keeps a conversation's items", async () => {
    const conversation = await client.conversations.create({ metadata: { topic: "churn" } });
    const response = await client.responses.create({ input: "backends", conversation: conversation.id });
    expect(response.conversation).toEqual({ id: conversation.id });
    const items = await client.conversations.items.list(conversation.id, { order: "asc" });
    expect(items.data.map((item) => item.type)).toEqual(["message", "reasoning", "message"]);
  });
});
