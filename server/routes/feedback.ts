/** `POST /feedback`: what the caller thinks of an answer of the own. */
import { FeedbackInput } from "../../tracing/feedback-input.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { schemaProblem } from "../schema-problem.ts";
import type { Route } from "./route.ts";

export const FEEDBACK_ROUTES: readonly Route[] = [
  {
    method: "post",
    paths: ["/feedback"],
    summary: "Say whether an answer or a step of it was right; once more changes it.",
    body: { name: "Feedback", schema: FeedbackInput },
    produces: ["application/json"],
    handle: give,
  },
];

async function give(exchange: Exchange): Promise<void> {
  const { caller, services, res } = exchange;
  const body = exchange.json();
  const parsed = FeedbackInput.safeParse(body);
  if (!parsed.success) throw schemaProblem(parsed.error, body);
  const given = await services.watch?.feedback.give(caller.subject, parsed.data);
  if (given === null || given === undefined) {
    const param = parsed.data.response_id === undefined ? "trace_id" : "response_id";
    throw new RequestError("not_found", "There is no such answer.", { param });
  }
  const { trace_id, ...rest } = given;
  const shown = trace_id === null ? null : services.watch?.traceId(trace_id);
  res.json({ object: "feedback", ...rest, trace_id: shown });
}
