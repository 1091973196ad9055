/** LangChain's ChatOpenAI over the Responses API, unmodified. */
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestServer } from "../test-server.ts";
import { ALL_FAILED, ANSWER, startScenarioServer } from "./scenarios.ts";

let server: TestServer;
let model: ChatOpenAI;

beforeAll(async () => {
  server = await startScenarioServer();
  model = new ChatOpenAI({
    model: "orchestrator",
    apiKey: "x",
    useResponsesApi: true,
    maxRetries: 0,
    configuration: { baseURL: `${server.url}/v1` },
  });
});
afterAll(() => server.close());

describe("ChatOpenAI", () => {
  it("invokes and gets the answer without tool calls of its own", async () => {
    const message = await model.invoke("backends");
    expect(message.text).toBe(ANSWER);
    expect(message.tool_calls).toEqual([]);
    expect(message.usage_metadata).toMatchObject({ input_tokens: 11, output_tokens: 2, total_tokens: 13 });
  });

  it("streams the answer", async () => {
    const chunks: string[] = [];
    for await (const chunk of await model.stream("backends")) chunks.push(chunk.text);
    expect(chunks.join("")).toBe(ANSWER);
    expect(chunks.length).toBeGreaterThan(5);
  });

  it("continues from a response by its id", async () => {
    const first = await model.invoke("backends");
    await model.invoke("backends", { previous_response_id: first.response_metadata.id as string });
    expect(server.orchestrator.turns.at(-1)?.input.checkpoint_id).toBe("checkpoint-1");
  });

  it("tells that every backend failed", async () => {
    await expect(model.invoke("all failed")).rejects.toThrow(ALL_FAILED);
  });

  it("tells that a stream broke off", async () => {
    const read = async () => {
      for await (const _ of await model.stream("broken off"));
    };
    await expect(read()).rejects.toThrow("Something went wrong on our side.");
  });
});
