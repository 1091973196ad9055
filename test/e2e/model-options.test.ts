/** What needs a model, over the sandbox's scripted one: client tools, structured output, the token cap, images. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { overlay } from "../tracing/overlay.ts";
import { startStack, textOf, type Stack } from "./stack.ts";

const WEATHER = {
  type: "function",
  name: "get_weather",
  parameters: { type: "object", properties: { location: { type: "string" } } },
};
const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const ASK = "What's the weather like in San Francisco?";
const PNG =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

interface Sent {
  tools?: unknown[];
  tool_choice?: unknown;
  response_format?: unknown;
  max_tokens?: number;
  messages: unknown[];
}

let stack: Stack;
beforeAll(async () => {
  const model = { base_url: "${SANDBOX_URL}/v1", model: "sandbox-model" };
  stack = await startStack(overlay({ models: { synthesizer: model } }));
});
beforeEach(async () => void (await stack.admin("model", undefined, "DELETE")));
afterAll(() => stack.close());

async function lastSent(): Promise<Sent> {
  const { requests } = (await stack.admin("model/requests")) as { requests: Sent[] };
  return requests.at(-1) ?? { messages: [] };
}

const calling = { tool_calls: [{ name: "get_weather", arguments: { location: "San Francisco" } }] };

describe("a client's tool", () => {
  it("is called by the model, and its output continues the answer", async () => {
    await stack.admin("model/queue", calling);
    const first = await stack.ask({ input: ASK, tools: [WEATHER], tool_choice: "required" });
    const call = first.body.output.at(-1) as { type: string; call_id: string; arguments: string } | undefined;
    expect(call).toMatchObject({ type: "function_call", name: "get_weather" });
    expect(await lastSent()).toMatchObject({ tool_choice: "required" });
    await stack.admin("model/queue", { text: "It is foggy." });
    const second = await stack.ask({
      previous_response_id: first.body.id,
      tools: [WEATHER],
      input: [{ type: "function_call_output", call_id: call?.call_id, output: "fog" }],
    });
    expect(textOf(second.body)).toContain("It is foggy.");
  });

  it("is not offered with tool_choice none", async () => {
    await stack.admin("model/queue", { text: "I cannot tell." });
    await stack.ask({ input: ASK, tools: [WEATHER], tool_choice: "none" });
    expect((await lastSent()).tools).toBeUndefined();
  });
});

describe("text.format json_schema", () => {
  it.each([
    ["flat", { type: "json_schema", name: "city", schema: SCHEMA }],
    ["nested", { type: "json_schema", json_schema: { name: "city", schema: SCHEMA } }],
  ])("in its %s form reaches the model and comes back as JSON", async (_form, format) => {
    await stack.admin("model/queue", { json: { city: "Paris" } });
    const { body } = await stack.ask({ input: "Tell me the weather in Paris.", text: { format } });
    expect((await lastSent()).response_format).toMatchObject({
      type: "json_schema",
      json_schema: { name: "city", schema: SCHEMA },
    });
    expect(JSON.parse(textOf(body))).toEqual({ city: "Paris" });
  });
});

describe("an answer that is JSON", () => {
  it("stays JSON where a number fails the check; the verdict stands in the provenance", async () => {
    await stack.admin("model/queue", { json: { mrr: 123_456_789.01 } });
    const { body } = await stack.ask({
      input: "What is the total MRR?",
      text: { format: { type: "json_schema", name: "mrr", schema: { type: "object" } } },
    });
    expect(JSON.parse(textOf(body))).toEqual({ mrr: 123_456_789.01 });
    expect(body.custom_outputs["verification"]).toMatchObject({ ok: false });
  });
});

describe("max_output_tokens", () => {
  it("that is hit makes the response incomplete and says why", async () => {
    await stack.admin("model/queue", { text: "Once upon a", finish_reason: "length" });
    const { body } = await stack.ask({ input: "What is the MRR by region?", max_output_tokens: 16 });
    expect(body).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
    expect((await lastSent()).max_tokens).toBe(16);
  });
});

describe("an image", () => {
  it("is accepted, with or without words beside it", async () => {
    const image = { type: "input_image", image_url: PNG };
    for (const content of [[{ type: "input_text", text: ASK }, image], [image]]) {
      await stack.admin("model/queue", { text: "A pixel." });
      const { status, body } = await stack.ask({ input: [{ role: "user", content }] });
      expect([status, body.status]).toEqual([200, "completed"]);
    }
  });
});
