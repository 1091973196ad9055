/** The stream of an agent with an inner tool call: two created…completed cycles, with every known trap in it. */
import type { PartAnswer } from "../company/contract.ts";
import type { Frame } from "../http/event-stream.ts";
import type { Fault } from "../http/faults.ts";
import { chunks } from "../serving/chunks.ts";
import { paced, type StreamEvent } from "../serving/paced.ts";

const CALL_ID = "call_plan_1";

/**
 * Traps of contracts section 1, wanted here: sequence numbers restart, the item id of `content_part.added`
 * differs from that of the deltas, ids are placeholders, the tool's output is a bare frame between the
 * cycles, and the trace id comes in an untyped frame at the end.
 */
export function* cycleFrames(
  answer: PartAnswer,
  trace: string | null,
  delta_ms: number,
  error: Fault | null,
): Generator<Frame> {
  yield* paced(toolCycle(answer), 0, null);
  yield { data: { type: "function_call_output", call_id: CALL_ID, output: toolOutput(answer) } };
  const broken = yield* paced(messageCycle(answer), delta_ms, error);
  if (trace && !broken) yield { data: { trace_id: trace } };
}

function* toolCycle(answer: PartAnswer): Generator<StreamEvent> {
  const call = { type: "function_call", id: "__fake_id__", call_id: CALL_ID, name: "plan_actions" };
  const args = JSON.stringify({ tables: Object.keys(answer.custom_outputs) });
  yield { type: "response.created", response: lifecycle("in_progress", []) };
  yield { type: "response.output_item.added", output_index: 0, item: { ...call, arguments: "" } };
  for (const delta of chunks(args)) {
    yield { type: "response.function_call_arguments.delta", item_id: "__fake_id__", output_index: 0, delta };
  }
  const done = { ...call, arguments: args, status: "completed" };
  yield { type: "response.output_item.done", output_index: 0, item: done };
  yield { type: "response.completed", response: lifecycle("completed", [done]) };
}

function* messageCycle(answer: PartAnswer): Generator<StreamEvent> {
  const at = { output_index: 0, content_index: 0 };
  const part = { type: "output_text", text: answer.text, annotations: [] };
  const item = { type: "message", id: "msg_final", role: "assistant", status: "completed", content: [part] };
  yield { type: "response.created", response: lifecycle("in_progress", []) };
  yield {
    type: "response.output_item.added",
    output_index: 0,
    item: { ...item, status: "in_progress", content: [] },
  };
  yield { type: "response.content_part.added", item_id: "msg_other", ...at, part: { ...part, text: "" } };
  for (const delta of chunks(answer.text)) {
    yield { type: "response.output_text.delta", item_id: "__fake_id__", ...at, delta };
  }
  yield { type: "response.content_part.done", item_id: "msg_other", ...at, part };
  yield { type: "response.output_item.done", output_index: 0, item, custom_outputs: answer.custom_outputs };
  const response = { ...lifecycle("completed", [item]), custom_outputs: answer.custom_outputs };
  yield { type: "response.completed", response };
}

function lifecycle(status: string, output: unknown[]) {
  const usage =
    status === "completed" ? { usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } } : {};
  return { id: "resp_placeholder_1", object: "response", status, output, ...usage };
}

function toolOutput(answer: PartAnswer): string {
  return JSON.stringify({ tables: Object.keys(answer.custom_outputs), characters: answer.text.length });
}
