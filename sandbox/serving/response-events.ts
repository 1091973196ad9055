/** The stream of an agent endpoint on Model Serving: deltas, then annotations, then the finished message. */
import type { Switches } from "../switches.ts";
import { chunks } from "./chunks.ts";
import type { StreamEvent } from "./paced.ts";
import { messageItem, responseBody, traceOutput, type ResponsesAnswer } from "./responses-body.ts";

/** `done_only` sends the text in the finished item alone. Positions of citations stand only there. */
export function* responseEvents(
  answer: ResponsesAnswer,
  style: Switches["ka_stream"],
): Generator<StreamEvent> {
  const item = messageItem(answer);
  const at = { item_id: item.id, output_index: 0, content_index: 0 };
  const started = {
    id: answer.id,
    object: "response",
    model: answer.model,
    status: "in_progress",
    output: [],
  };
  yield { type: "response.created", response: started };
  yield {
    type: "response.output_item.added",
    output_index: 0,
    item: { ...item, status: "in_progress", content: [] },
  };
  if (style === "deltas") yield* textEvents(answer, at);
  yield { type: "response.output_item.done", output_index: 0, item, ...traceOutput(answer.trace) };
  yield { type: "response.completed", response: responseBody(answer), custom_outputs: answer.custom_outputs };
}

function* textEvents(answer: ResponsesAnswer, at: object): Generator<StreamEvent> {
  const part = { type: "output_text", text: "", annotations: [] };
  yield { type: "response.content_part.added", ...at, part };
  for (const delta of chunks(answer.bare_text)) yield { type: "response.output_text.delta", ...at, delta };
  for (const [annotation_index, { type, url, title }] of answer.annotations.entries()) {
    const annotation = { type, url, title };
    yield { type: "response.output_text.annotation.added", ...at, annotation_index, annotation };
  }
  yield { type: "response.content_part.done", ...at, part: { ...part, text: answer.bare_text } };
}
