/** Agent endpoints of task `agent/v1/responses`: the knowledge assistant and the churn model. */
import type { Request, Response } from "express";
import { WireError } from "../http/errors.ts";
import { sendFrames } from "../http/event-stream.ts";
import { callOf } from "../http/gate.ts";
import type { SandboxState } from "../state.ts";
import { answerPart } from "./answer-part.ts";
import { askedFromInput } from "./asked.ts";
import type { ServingEndpoint } from "./endpoints.ts";
import { failedResponse } from "./error-frame.ts";
import { predictionsBody, responseBody, responsesAnswer } from "./responses-body.ts";
import { paced } from "./paced.ts";
import { responseEvents } from "./response-events.ts";
import { newTraceId } from "./trace-id.ts";

interface Body {
  input?: unknown;
  stream?: unknown;
  databricks_options?: { return_trace?: unknown };
}

/** A body without a usable `input` (such as chat `messages`) gets 400. */
export async function answerResponses(
  state: SandboxState,
  { name, endpoint }: ServingEndpoint,
  req: Request,
  res: Response,
): Promise<void> {
  const body = req.body as Body;
  const asked = askedFromInput(body.input);
  if ("problem" in asked) {
    throw new WireError(400, "BAD_REQUEST", `Invalid data for ResponsesAgentRequest: ${asked.problem}`);
  }
  const streams = body.stream === true;
  const error = state.faults.take(endpoint, req, ["error_frame"]);
  if (error && !streams) {
    res.json(failedResponse(error.message));
    return;
  }
  const answer = await answerPart(state, endpoint, req, asked);
  const { switches } = state;
  const isKnowledge = endpoint === "ka";
  if (isKnowledge && switches.ka_form === "predictions") {
    res.json(predictionsBody(answer));
    return;
  }
  const trace = body.databricks_options?.return_trace === true ? newTraceId(callOf(res).traceparent) : null;
  const form = responsesAnswer(name, answer, isKnowledge ? switches.ka_form : "annotations", trace);
  if (!streams) {
    res.json(responseBody(form));
    return;
  }
  const events = responseEvents(form, isKnowledge ? switches.ka_stream : "deltas");
  await sendFrames(res, paced(events, switches.delta_ms, error));
}
