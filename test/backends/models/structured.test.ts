import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ChatModel, ChatRequest } from "../../../backends/chat-model.ts";
import { fault } from "../../../backends/fault.ts";
import { askJson, readJson, wireSchema } from "../../../backends/models/structured.ts";
import { failure } from "../workspace.ts";

const Schema = z.strictObject({ backend: z.enum(["a", "b"]), confidence: z.number().default(1) });
const call = { signal: new AbortController().signal, deadline: Infinity };

/** Answers with these texts in turn; an error is thrown. */
function scripted(...answers: (string | Error)[]): ChatModel & { requests: ChatRequest[] } {
  const requests: ChatRequest[] = [];
  const usage = { input_tokens: 10, cached_tokens: 0, output_tokens: 1, reasoning_tokens: 0 };
  return {
    name: "scripted",
    requests,
    async complete(request) {
      requests.push(request);
      const text = answers.shift() ?? "";
      if (text instanceof Error) throw text;
      return { text, tool_calls: [], finish_reason: "stop", usage, model: "scripted" };
    },
    stream: () => Promise.reject(new Error("not streamed")),
    close: async () => undefined,
  };
}

const request = { name: "route", schema: Schema, messages: [{ role: "user" as const, content: "Which?" }] };

describe("reads JSON", () => {
  it.each([
    ['{"backend":"a"}', "plain"],
    ['```json\n{"backend":"a"}\n```', "fenced"],
    ['Sure! {"backend":"a"} Anything else?', "between words"],
    ['  {"backend":"a","confidence":1}\n', "with spaces around"],
  ])("%s", (text) => {
    expect(readJson(text, Schema)).toEqual({ ok: true, value: { backend: "a", confidence: 1 } });
  });

  it("and says what is wrong with what it found", () => {
    const read = readJson('{"backend":"c"}', Schema);
    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining("backend") });
  });
});

it("asks for a schema in which everything is required and nothing else allowed", () => {
  expect(wireSchema(Schema)).toEqual({
    type: "object",
    properties: {
      backend: { type: "string", enum: ["a", "b"] },
      confidence: { type: "number", default: 1 },
    },
    required: ["backend", "confidence"],
    additionalProperties: false,
  });
});

it("returns the value of the first answer that is valid", async () => {
  const model = scripted('{"backend":"b","confidence":0.5}');
  expect(await askJson(model, request, call)).toMatchObject({
    value: { backend: "b", confidence: 0.5 },
    repaired: false,
  });
});

it("has a wrong answer corrected once and counts both", async () => {
  const model = scripted('{"backend":"z"}', '{"backend":"a"}');
  const result = await askJson(model, request, call);
  expect(result).toMatchObject({ value: { backend: "a" }, repaired: true, usage: { input_tokens: 20 } });
  expect(model.requests[1]?.messages.slice(1).map(({ role }) => role)).toEqual(["assistant", "user"]);
});

it("fails as malformed when the correction is wrong as well", async () => {
  const error = await failure(askJson(scripted("nonsense", "more nonsense"), request, call));
  expect(error).toMatchObject({ code: "malformed", detail: { backend: "scripted" } });
});

it("asks in words when the model refuses a response format", async () => {
  const model = scripted(fault("rejected", { backend: "scripted" }), '{"backend":"a"}');
  expect((await askJson(model, request, call)).value.backend).toBe("a");
  expect(model.requests[1]).not.toHaveProperty("json_schema");
  expect(model.requests[1]?.messages.at(-1)?.content).toContain('"enum":["a","b"]');
});

it("passes every other failure on", async () => {
  const error = fault("timeout", { backend: "scripted" });
  await expect(askJson(scripted(error), request, call)).rejects.toBe(error);
});
