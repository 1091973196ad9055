/** The cases of the Open Responses compliance suite that concern HTTP (Responses contract section 8), as tests of ours. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startScenarioServer, WEATHER_TOOL } from "./clients/scenarios.ts";
import { checkResponseObject, type WireResponse } from "./response-checker.ts";
import { answerOf, turnResult } from "./scripted-orchestrator.ts";
import { checkStream } from "./stream-checker.ts";
import { post, startTestServer, type TestServer } from "./test-server.ts";

const PNG =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const PDF = "data:application/pdf;base64,JVBERi0xLjQKJcOkw7zDtsOfCg==";
const HELLO = "Say hello in exactly 3 words.";

let plain: TestServer;
let withModel: TestServer;

beforeAll(async () => {
  plain = await startTestServer({ script: async () => turnResult({ answer: answerOf("Hello my friend") }) });
  withModel = await startScenarioServer();
});
afterAll(async () => {
  await plain.close();
  await withModel.close();
});

async function create(server: TestServer, body: object): Promise<WireResponse> {
  const response = await post(
    `${server.url}/v1/responses`,
    { model: "gpt-4o-mini", ...body },
    { authorization: "Bearer x" },
  );
  expect(response.status).toBe(200);
  return checkResponseObject(await response.json(), "response.completed");
}

const message = (role: string, content: unknown, more = {}) => ({ type: "message", role, content, ...more });

describe("Open Responses", () => {
  it.each([
    ["basic-response", [message("user", HELLO)]],
    [
      "assistant-phase",
      [
        message("assistant", "Let me think.", { phase: "commentary" }),
        message("assistant", "Hello there you.", { phase: "final_answer" }),
        message("user", HELLO),
      ],
    ],
    ["system-prompt", [message("system", "You are a pirate."), message("user", "Say hello.")]],
    [
      "image-input",
      [
        message("user", [
          { type: "input_text", text: "What is in it?" },
          { type: "input_image", image_url: PNG },
        ]),
      ],
    ],
    [
      "file-input",
      [
        message("user", [
          { type: "input_text", text: "Sum it up." },
          { type: "input_file", filename: "a.pdf", file_data: PDF },
        ]),
      ],
    ],
    [
      "multi-turn",
      [
        message("user", "I am Alice."),
        message("assistant", "Hello Alice!"),
        message("user", "What is my name?"),
      ],
    ],
  ])("%s", async (_id, input) => {
    const response = await create(plain, { input });
    expect(response).toMatchObject({ status: "completed", model: "gpt-4o-mini" });
    expect(response.output.length).toBeGreaterThan(0);
  });

  it("streaming-response", async () => {
    const response = await post(`${plain.url}/v1/responses`, {
      model: "gpt-4o-mini",
      stream: true,
      input: [message("user", "Count from 1 to 5.")],
    });
    expect(checkStream(await response.text()).response.status).toBe("completed");
  });

  const tools = [{ type: "function", strict: null, ...WEATHER_TOOL }];

  it("tool-calling", async () => {
    const response = await create(withModel, { input: [message("user", "tool")], tools });
    expect(response.output.map((item) => item.type)).toEqual(["function_call"]);
    expect(response.tools).toEqual(tools);
  });

  it("tool-calling as a stream", async () => {
    const response = await post(`${withModel.url}/v1/responses`, { stream: true, input: "tool", tools });
    const types = checkStream(await response.text()).events.map((event) => event.type);
    expect(types).toContain("response.function_call_arguments.done");
  });

  it("a round trip of a forced function call", async () => {
    const tool_choice = { type: "function", name: "get_weather" };
    const first = await create(withModel, { input: "tool", tools, tool_choice });
    expect(first.tool_choice).toEqual(tool_choice);
    expect(withModel.orchestrator.turns.at(-1)?.input.options.tool_choice).toEqual({ name: "get_weather" });
    const second = await create(withModel, {
      previous_response_id: first.id,
      tools,
      input: [{ type: "function_call_output", call_id: first.output[0]?.call_id, output: '{"sky":"clear"}' }],
    });
    expect(second.previous_response_id).toBe(first.id);
    expect(JSON.stringify(second.output)).toContain("It is sunny in Oslo.");
  });

  it("allowed_tools narrows what the model may choose", async () => {
    const other = { type: "function", name: "other" };
    const choice = {
      type: "allowed_tools",
      mode: "required",
      tools: [{ type: "function", name: "get_weather" }],
    };
    await create(withModel, { input: "tool", tools: [...tools, other], tool_choice: choice });
    const options = withModel.orchestrator.turns.at(-1)?.input.options;
    expect([options?.tools?.map((tool) => tool.name), options?.tool_choice]).toEqual([
      ["get_weather"],
      "required",
    ]);
  });

  it.each([
    ["flat", { type: "json_schema", name: "city", schema: { type: "object" }, strict: true }],
    [
      "nested",
      { type: "json_schema", json_schema: { name: "city", schema: { type: "object" }, strict: true } },
    ],
  ])("json_schema in its %s form reaches the model", async (_form, format) => {
    const response = await create(withModel, { input: "backends", text: { format } });
    expect(withModel.orchestrator.turns.at(-1)?.input.options.json_schema).toEqual({
      name: "city",
      schema: { type: "object" },
    });
    expect(response.text.format).toMatchObject({ type: "json_schema", name: "city", strict: true });
  });
});
