/** Checks the events of one output item, from `added` to `done` (Responses contract sections 3.2 and 3.3). */
import { must } from "./must.ts";
import type { WireEvent } from "./stream-frames.ts";

export interface WireItem {
  id: string;
  type: string;
  [key: string]: unknown;
}

/** `calls` holds the `call_id` of every function call so far. */
export function checkItem(events: WireEvent[], calls: Set<string>): WireItem {
  const added = events[0]?.item as WireItem;
  const done = events.at(-1)?.item as WireItem;
  const index = events[0]?.output_index;
  must(
    typeof added.id === "string" && added.id.length > 0 && added.id.length <= 64,
    "item id of 1 to 64 characters",
  );
  must(added.id === done.id && added.type === done.type, "an item keeps id and type");
  for (const event of events) must(event.output_index === index, `${event.type} has another output_index`);
  for (const key of ["call_id", "name", "server_label", "role"]) {
    must(added[key] === done[key], `an item keeps its ${key}`);
  }
  const body = events.slice(1, -1);
  for (const event of body) must(event.item_id === added.id, `${event.type} has another item_id`);
  const check = CHECKS[added.type];
  must(check !== undefined, `item type ${added.type}`);
  check({ added, done, body, calls });
  return done;
}

interface ItemEvents {
  added: WireItem;
  done: WireItem;
  body: WireEvent[];
  calls: Set<string>;
}

const CHECKS: Record<string, (events: ItemEvents) => void> = {
  message: checkMessage,
  reasoning: checkReasoning,
  function_call: checkFunctionCall,
  function_call_output: checkFunctionCallOutput,
  mcp_call: checkMcpCall,
  mcp_approval_request: ({ added, done, body }) => {
    must(body.length === 0, "an approval request has no body");
    must(JSON.stringify(added) === JSON.stringify(done), "an approval request does not change");
  },
};

function checkMessage({ added, done, body }: ItemEvents): void {
  must(added.status === "in_progress" && added.role === "assistant", "message opens in progress");
  must(Array.isArray(added.content) && added.content.length === 0, "message opens without content");
  must(done.status === "completed" || done.status === "incomplete", "message ends");
  must(
    sequenceOf(body, MESSAGE_LETTERS).match(/^pd*a*tP$/) !== null,
    `message body ${body.map((e) => e.type).join(" ")}`,
  );
  for (const event of body) must(event.content_index === 0, `${event.type} has content_index 0`);
  const text = body
    .filter((e) => e.type === "response.output_text.delta")
    .map((e) => e.delta)
    .join("");
  for (const event of body.filter((e) => e.type === "response.output_text.delta")) {
    must(typeof event.delta === "string" && event.delta !== "", "a delta holds text");
    must(Array.isArray(event.logprobs) && event.logprobs.length === 0, "a delta has logprobs []");
  }
  const annotations = body.filter((e) => e.type === "response.output_text.annotation.added");
  annotations.forEach((event, i) => checkAnnotation(event, i, text));
  const [textDone, partDone] = body.slice(-2);
  must(textDone?.text === text && Array.isArray(textDone.logprobs), "output_text.done joins the deltas");
  const part = { type: "output_text", text, annotations: annotations.map((e) => e.annotation), logprobs: [] };
  must(
    JSON.stringify(partDone?.part) === JSON.stringify(part),
    "content_part.done holds text and annotations",
  );
  must(JSON.stringify(done.content) === JSON.stringify([part]), "the message holds its one part");
}

const MESSAGE_LETTERS: Record<string, string> = {
  "response.content_part.added": "p",
  "response.output_text.delta": "d",
  "response.output_text.annotation.added": "a",
  "response.output_text.done": "t",
  "response.content_part.done": "P",
};

function checkAnnotation(event: WireEvent, i: number, text: string): void {
  must(event.annotation_index === i, "annotations are counted");
  const a = event.annotation as Record<string, unknown>;
  must(
    Object.keys(a).sort().join() === "end_index,start_index,title,type,url",
    "a citation has its five fields",
  );
  must(
    a.type === "url_citation" && /^https?:/i.test(String(a.url)) && typeof a.title === "string",
    "url_citation",
  );
  const { start_index: start, end_index: end } = a as { start_index: number; end_index: number };
  must(0 <= start && start < end && end <= text.length, `citation at ${start}..${end} of ${text.length}`);
}

function checkReasoning({ added, done, body }: ItemEvents): void {
  must(Array.isArray(added.summary) && added.summary.length === 0, "reasoning opens without summary");
  const summary: unknown[] = [];
  must(body.length % 4 === 0, "reasoning parts are whole");
  for (let i = 0; i < body.length; i += 4) {
    const [open, delta, textDone, partDone] = body.slice(i, i + 4);
    for (const event of body.slice(i, i + 4)) must(event.summary_index === i / 4, "summary_index counts");
    must(open?.type === "response.reasoning_summary_part.added", "summary part opens");
    must(
      delta?.type === "response.reasoning_summary_text.delta" && typeof delta.delta === "string",
      "summary delta",
    );
    must(
      textDone?.type === "response.reasoning_summary_text.done" && textDone.text === delta.delta,
      "summary text",
    );
    must(partDone?.type === "response.reasoning_summary_part.done", "summary part ends");
    const part = { type: "summary_text", text: delta.delta };
    must(JSON.stringify(partDone.part) === JSON.stringify(part), "summary part holds the text");
    must(
      JSON.stringify(open.part) === JSON.stringify({ type: "summary_text", text: "" }),
      "summary part is empty",
    );
    summary.push(part);
  }
  must(JSON.stringify(done.summary) === JSON.stringify(summary), "reasoning holds its parts");
}

function checkFunctionCall({ added, done, body, calls }: ItemEvents): void {
  must(added.status === "in_progress" && added.arguments === "", "call opens without arguments");
  must(done.status === "completed" && typeof done.arguments === "string", "call is complete");
  const callId = String(done.call_id);
  must(callId.length > 0 && callId.length <= 64 && !calls.has(callId), "call_id of 1 to 64 characters, once");
  must(/^[a-zA-Z0-9_-]{1,64}$/.test(String(done.name)), "call has a name");
  calls.add(callId);
  must(sequenceOf(body, ARGUMENT_LETTERS).match(/^d*e$/) !== null, "call body");
  const joined = body
    .slice(0, -1)
    .map((e) => e.delta)
    .join("");
  must(joined === done.arguments && body.at(-1)?.arguments === joined, "arguments join");
}

const ARGUMENT_LETTERS: Record<string, string> = {
  "response.function_call_arguments.delta": "d",
  "response.function_call_arguments.done": "e",
};

function checkFunctionCallOutput({ done, body, calls }: ItemEvents): void {
  must(body.length === 0, "a call's output has no body");
  must(typeof done.output === "string", "a call's output is text");
  must(calls.has(String(done.call_id)), "a call's output follows its call");
}

function checkMcpCall({ added, done, body }: ItemEvents): void {
  must(added.status === "in_progress" && added.output === null && added.error === null, "mcp_call opens");
  must(done.status === "completed" || done.status === "failed", "mcp_call ends");
  must((done.output === null) === (done.status === "failed"), "mcp_call has output or error");
  must((done.error === null) === (done.status === "completed"), "mcp_call has error or output");
  must(body.length === 4 && body.at(-1)?.type === `response.mcp_call.${done.status}`, "mcp_call body");
}

function sequenceOf(body: WireEvent[], letters: Record<string, string>): string {
  return body.map((event) => letters[event.type] ?? "?").join("");
}
