/** The codec as a pure function: any run gives a stream that the checker accepts, and one body for both forms. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TurnResult } from "../../graphs/run.ts";
import type { RunEvent } from "../../nodes/run-context.ts";
import { ResponseEncoder } from "../../server/responses/encoder.ts";
import { DONE_FRAME } from "../../server/responses/event-writer.ts";
import { replay } from "../../server/responses/replay.ts";
import { BackendItems } from "../../server/responses/request-schema.ts";
import { openBody, type ResponseBody } from "../../server/responses/response-body.ts";
import type { RunFailure } from "../../server/responses/run-failure.ts";
import { runEvents, turnResults } from "./run-events.arbitrary.ts";
import { answerOf, findingOf, turnResult, twoBackendRun } from "./scripted-orchestrator.ts";
import { checkStream } from "./stream-checker.ts";

const RUN_ID = "0123456789abcdef0123456789abcdef";
const FAILURE: RunFailure = { code: "timeout", message: "Too late." };

interface Encoded {
  raw: string;
  body: ResponseBody;
}

function encode(
  events: readonly RunEvent[],
  outcome: TurnResult | RunFailure,
  backendItems: BackendItems = "reasoning",
  streamed = true,
): Encoded {
  let raw = "";
  const encoder = new ResponseEncoder({
    runId: RUN_ID,
    backendItems,
    extraEvents: false,
    clock: () => 1_795_247_579_000,
    sink: streamed ? (frame) => (raw += frame) : null,
    body: openBody({
      id: `resp_${RUN_ID}`,
      created_at: 1_795_247_578_000,
      model: "orchestrator",
      store: true,
      thread_key: "t",
      conversation_id: null,
      request: { input: "q" },
    }),
  });
  encoder.start();
  for (const event of events) encoder.push(event);
  const failure = "message" in outcome ? outcome : null;
  const body = "message" in outcome ? encoder.fail(outcome, null) : encoder.finish(outcome);
  encoder.end(body, failure);
  return { raw: raw + DONE_FRAME, body };
}

const styles = fc.constantFrom(...BackendItems.options);

describe("ResponseEncoder", () => {
  it("turns any run that ends into a stream that the checker accepts", () => {
    fc.assert(
      fc.property(runEvents, turnResults, styles, (events, result, style) => {
        const { raw, body } = encode(events, result, style);
        expect(JSON.stringify(checkStream(raw).response)).toBe(JSON.stringify(body));
      }),
      { numRuns: 500 },
    );
  });

  it("turns any run that fails into error, response.failed and nothing after", () => {
    fc.assert(
      fc.property(runEvents, styles, (events, style) => {
        const checked = checkStream(encode(events, FAILURE, style).raw);
        expect(checked.response.error).toEqual({ code: "server_error", message: "Too late." });
        expect(checked.events.at(-2)).toMatchObject({ type: "error", code: "timeout", message: "Too late." });
      }),
      { numRuns: 300 },
    );
  });

  it("builds the same body whether or not anybody listens", () => {
    fc.assert(
      fc.property(runEvents, turnResults, styles, (events, result, style) => {
        expect(encode(events, result, style, false).body).toEqual(encode(events, result, style).body);
      }),
      { numRuns: 200 },
    );
  });

  it("streams every text delta as it is, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (deltas) => {
        const events = deltas.map((delta): RunEvent => ({ type: "text", delta }));
        const { raw } = encode(events, turnResult({ answer: answerOf(deltas.join("")) }));
        const checked = checkStream(raw);
        expect(
          checked.events.filter((e) => e.type === "response.output_text.delta").map((e) => e.delta),
        ).toEqual(deltas);
      }),
    );
  });

  it("replays a finished response in the same grammar and with the same object", () => {
    fc.assert(
      fc.property(runEvents, turnResults, styles, (events, result, style) => {
        const { body } = encode(events, result, style);
        let raw = "";
        replay(body, (frame) => (raw += frame));
        expect(checkStream(raw + DONE_FRAME).response).toEqual(JSON.parse(JSON.stringify(body)));
      }),
      { numRuns: 200 },
    );
  });

  it("shows calls as reasoning by default", () => {
    const { body } = encode(twoBackendRun(), turnResult());
    expect(body.output.map((item) => item.type)).toEqual(["reasoning", "message"]);
    expect(body.output[0]).toMatchObject({
      summary: [
        { text: "Working out which sources to ask." },
        { text: "Plan: s1 sales_genie; s2 handbook." },
        { text: "Asking sales_genie: How many customers churned?" },
        { text: "Asking handbook: What does the playbook say?" },
        { text: "sales_genie: Running the query." },
        { text: "handbook failed: handbook answers with 503." },
        { text: "sales_genie answered after 1.2 s." },
        { text: "Writing the answer." },
      ],
    });
  });

  it("shows calls as function_call pairs with their outputs, a failed one as an error text", () => {
    const { body } = encode(twoBackendRun(), turnResult(), "function_call");
    const items = body.output.filter((item) => item.type.startsWith("function_call"));
    expect(
      items.map((item) => [item.type, "name" in item ? item.name : "output" in item ? item.output : ""]),
    ).toEqual([
      ["function_call", "sales_genie"],
      ["function_call", "handbook"],
      ["function_call_output", "Error: handbook answers with 503."],
      ["function_call_output", "42 customers churned."],
    ]);
  });

  it("shows calls as mcp_call items when they have ended", () => {
    const { body } = encode(twoBackendRun(), turnResult(), "mcp_call");
    const calls = body.output.filter((item) => item.type === "mcp_call");
    expect(calls).toMatchObject([
      {
        name: "handbook",
        server_label: "knowledge_assistant",
        output: null,
        error: "Error: handbook answers with 503.",
      },
      { name: "sales_genie", server_label: "genie", output: "42 customers churned.", error: null },
    ]);
  });

  it("shows nothing but the answer when asked to", () => {
    const { body } = encode(twoBackendRun(), turnResult(), "none");
    expect(body.output.map((item) => item.type)).toEqual(["message"]);
  });

  it("gives every call that was cut off an output", () => {
    const { body } = encode(twoBackendRun().slice(0, 5), FAILURE, "function_call");
    expect(body.output.filter((item) => item.type === "function_call_output")).toMatchObject([
      { output: "Error: the run ended before an answer came." },
      { output: "Error: the run ended before an answer came." },
    ]);
  });

  it("points citations at their markers", () => {
    const { body } = encode(twoBackendRun(), turnResult());
    const message = body.output.find((item) => item.type === "message");
    const part = message?.content[0];
    const citation = part?.annotations[0];
    expect(citation).toEqual({
      type: "url_citation",
      url: "https://workspace.example.com/genie/rooms/1",
      title: "Churn by month",
      start_index: 21,
      end_index: 24,
    });
    expect(part?.text.slice(citation?.start_index, citation?.end_index)).toBe("[1]");
  });

  it("closes the message as incomplete when the token cap was hit", () => {
    const answer = answerOf("Half an", { finish_reason: "length" });
    const { raw } = encode([{ type: "answer", answer }], turnResult({ answer }));
    expect(checkStream(raw).response).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      output: [{ type: "message", status: "incomplete" }],
    });
  });

  it("closes a half written message as incomplete when the run fails", () => {
    const { body } = encode([{ type: "text", delta: "Half" }], FAILURE);
    expect(body).toMatchObject({ status: "failed", output: [{ type: "message", status: "incomplete" }] });
  });

  it("writes the client's tool calls after the text, under ids that lead back here", () => {
    const answer = answerOf("", {
      finish_reason: "tool_calls",
      tool_calls: [{ id: "toolu_1", name: "get_weather", arguments: '{"location":"Oslo"}' }],
    });
    const { body } = encode([{ type: "answer", answer }], turnResult({ answer }));
    expect(body.status).toBe("completed");
    expect(body.output).toMatchObject([
      { type: "function_call", name: "get_weather", arguments: '{"location":"Oslo"}' },
    ]);
    expect(body.output[0]).toHaveProperty("call_id", expect.stringContaining(RUN_ID));
  });

  it("writes steps that end during the answer after it", () => {
    const events: RunEvent[] = [
      { type: "text", delta: "So " },
      { type: "step_started", step: "s1", backend: "sales_genie", kind: "genie", question: "q" },
      { type: "step_finished", finding: findingOf() },
      { type: "text", delta: "far" },
    ];
    const { raw, body } = encode(events, turnResult({ answer: answerOf("So far") }), "function_call");
    expect(checkStream(raw).text).toBe("So far");
    expect(body.output.map((item) => item.type)).toEqual([
      "message",
      "function_call",
      "function_call_output",
    ]);
  });

  it("sums usage over nodes and leaves out those that reported none", () => {
    const of = (input: number, output: number) => ({
      input_tokens: input,
      cached_tokens: 1,
      output_tokens: output,
      reasoning_tokens: 2,
    });
    const node = { model: null, calls: 1, latency_ms: 1, usd: null };
    const { body } = encode(
      [],
      turnResult({
        answer: answerOf("x"),
        usage: [
          { node: "classify", ...node, usage: of(10, 5) },
          { node: "sales_genie", ...node, usage: null },
          { node: "synthesize", ...node, usage: of(100, 50) },
        ],
      }),
    );
    expect(body.usage).toEqual({
      input_tokens: 110,
      input_tokens_details: { cached_tokens: 2, cache_write_tokens: 0 },
      output_tokens: 55,
      output_tokens_details: { reasoning_tokens: 4 },
      total_tokens: 165,
    });
  });
});
