/** The endpoint of task `agent/v2/chat`: MLflow's ChatAgent form over the knowledge part. */
import { randomUUID } from "node:crypto";
import type { Request, Response } from "express";
import { WireError } from "../http/errors.ts";
import { sendFrames, type Frame } from "../http/event-stream.ts";
import type { Fault } from "../http/faults.ts";
import type { SandboxState } from "../state.ts";
import { answerPart } from "./answer-part.ts";
import { askedFromInput } from "./asked.ts";
import { footnoteDefinitions, withFootnotes } from "./citations.ts";
import { chunks } from "./chunks.ts";
import type { ServingEndpoint } from "./endpoints.ts";
import { errorFrame } from "./error-frame.ts";

/** Takes `{messages}`; a Responses body gets 400. Citations come as GFM footnotes, the form has no other. */
export async function answerChatAgent(
  state: SandboxState,
  { endpoint }: ServingEndpoint,
  req: Request,
  res: Response,
): Promise<void> {
  const body = req.body as { messages?: unknown; stream?: unknown };
  const asked = Array.isArray(body.messages)
    ? askedFromInput(body.messages)
    : { problem: "messages: field required" };
  if ("problem" in asked) {
    throw new WireError(400, "BAD_REQUEST", `Invalid data for ChatAgentRequest: ${asked.problem}`);
  }
  const answer = await answerPart(state, endpoint, req, asked);
  const definitions = footnoteDefinitions(answer.citations);
  const text = definitions ? `${withFootnotes(answer).text}\n\n${definitions}` : answer.text;
  const error = state.faults.take(endpoint, req, ["error_frame"]);
  if (body.stream === true) return sendFrames(res, deltas(text, state.switches.delta_ms, error));
  if (error) throw new WireError(500, "INTERNAL_ERROR", error.message ?? "The agent failed.");
  const message = { role: "assistant", content: text, id: randomUUID() };
  const { custom_outputs } = answer;
  res.json({ id: randomUUID(), messages: [message], finish_reason: "stop", custom_outputs });
}

function* deltas(text: string, delay_ms: number, error: Fault | null): Generator<Frame> {
  const id = randomUUID();
  for (const content of chunks(text)) {
    yield { data: { id, delta: { role: "assistant", content, id } }, delay_ms };
    if (error) {
      yield { data: errorFrame(error) };
      return;
    }
  }
  yield { data: { id, delta: { role: "assistant", content: "", id }, finish_reason: "stop" } };
}
