/** The body of an agent endpoint on Model Serving in Responses form (contracts section 1). */
import { randomBytes } from "node:crypto";
import type { PartAnswer } from "../company/contract.ts";
import type { Switches } from "../switches.ts";
import { footnoteDefinitions, withFootnotes, type UrlCitation } from "./citations.ts";

export interface ResponsesAnswer {
  id: string;
  model: string;
  /** As in the finished message: with footnote marks where there are citations. */
  text: string;
  /** As in the deltas: without marks. */
  bare_text: string;
  annotations: UrlCitation[];
  custom_outputs: Record<string, unknown>;
  /** Present when the caller asked for it with `databricks_options.return_trace`. */
  trace: string | null;
}

export function responsesAnswer(
  model: string,
  answer: PartAnswer,
  form: Switches["ka_form"],
  trace: string | null,
): ResponsesAnswer {
  const { text, annotations } = withFootnotes(answer);
  const footnotes = form === "footnotes" && answer.citations.length > 0;
  return {
    id: `resp_${randomBytes(12).toString("hex")}`,
    model,
    text: footnotes ? `${text}\n\n${footnoteDefinitions(answer.citations)}` : text,
    bare_text: answer.text,
    annotations: footnotes ? [] : annotations,
    custom_outputs: answer.custom_outputs,
    trace,
  };
}

export function responseBody(answer: ResponsesAnswer) {
  return {
    id: answer.id,
    object: "response",
    created_at: Date.now() / 1_000,
    model: answer.model,
    status: "completed",
    error: null,
    incomplete_details: null,
    output: [messageItem(answer)],
    usage: usageOf(answer.text),
    custom_outputs: answer.custom_outputs,
    ...traceOutput(answer.trace),
  };
}

export function messageItem({ text, annotations }: ResponsesAnswer) {
  const content = [{ type: "output_text", text, annotations, logprobs: null }];
  return { type: "message", id: "msg_1", role: "assistant", status: "completed", content };
}

export function traceOutput(trace: string | null) {
  if (!trace) return {};
  return {
    databricks_output: { trace: { info: { trace_id: trace } }, databricks_request_id: trace.slice(3) },
  };
}

/** The form that knowledge assistants had before Responses. */
export function predictionsBody(answer: PartAnswer) {
  const citations = answer.citations.map(({ title, url, snippet }) => ({
    source: title,
    title,
    url,
    snippet,
  }));
  return {
    predictions: [{ choices: [{ message: { role: "assistant", content: answer.text, citations } }] }],
  };
}

/** Four characters to a token: there is no model that would count them. */
function usageOf(text: string) {
  const output_tokens = Math.ceil(text.length / 4);
  return {
    input_tokens: 0,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: output_tokens,
  };
}
