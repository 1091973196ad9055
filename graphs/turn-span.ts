/** The AGENT span around one turn, and what the whole trace is known by: session, user, usage, question, answer. */
import { context, SpanKind, SpanStatusCode, trace, type Attributes, type Span } from "@opentelemetry/api";
import { askerOf, withAsker } from "../tracing/asker.ts";
import type { Content } from "../tracing/content.ts";
import { TRACER_NAME } from "../tracing/traced.ts";
import { unstored } from "../tracing/unstored.ts";
import { tokenAttributes } from "./node-spans.ts";
import type { TurnContext, TurnInput, TurnResult } from "./run.ts";
import { costOf } from "./turn-cost.ts";

export type RunTurn = (input: TurnInput, context: TurnContext) => Promise<TurnResult>;

export interface TurnSpanDeps {
  content: Content;
  /** Version, commit and configuration hash of what runs. */
  facts: Attributes;
  /** How spans name the one who asks. */
  userId(subject: string): string;
}

export function spannedTurn(runTurn: RunTurn, deps: TurnSpanDeps): RunTurn {
  return async (input, turn) => {
    const user = askerOf(context.active()) ?? deps.userId(turn.caller.subject);
    const asked = withAsker(context.active(), user);
    const above = turn.unstored === true ? unstored(asked) : asked;
    const request = trace.getSpan(above);
    const span = trace
      .getTracer(TRACER_NAME)
      .startSpan("invoke_workflow orchestrator", { kind: SpanKind.INTERNAL }, above);
    // MLflow reads session, user, inputs and outputs of a trace off its root, which is the request's span if there is one.
    const both = request === undefined ? [span] : [span, request];
    const inside = trace.setSpan(above, span);
    const question = context.with(inside, () => deps.content.inputs({ question: input.question }));
    describe(both, { ...known(input, turn, user), ...question });
    span.setAttributes({ ...WORKFLOW, ...deps.facts });
    try {
      const result = await context.with(inside, () => runTurn(input, turn));
      describe(
        both,
        context.with(inside, () => outcome(result, deps.content)),
      );
      if (result.status === "failed") fail(span, result.failure?.code ?? "failed");
      return result;
    } catch (error) {
      fail(span, error instanceof Error ? error.name : "unknown");
      throw error;
    } finally {
      span.end();
    }
  };
}

const WORKFLOW: Attributes = {
  "mlflow.spanType": JSON.stringify("AGENT"),
  "gen_ai.operation.name": "invoke_workflow",
  "gen_ai.workflow.name": "orchestrator",
};

function known(input: TurnInput, turn: TurnContext, user: string): Attributes {
  return {
    "session.id": input.thread_id,
    "gen_ai.conversation.id": input.thread_id,
    "user.id": user,
    "orchestrator.response_id": `resp_${turn.run_id}`,
  };
}

function outcome(result: TurnResult, content: Content): Attributes {
  const cost = costOf(result.usage);
  return {
    "orchestrator.status": result.status,
    "orchestrator.steps": result.findings.length,
    ...(result.plan === null ? {} : { "router.tier": result.plan.decision.tier }),
    ...tokenAttributes(result.usage),
    ...(cost.usd === null ? {} : { "cost.usd": cost.usd }),
    "cost.unpriced": cost.unpriced,
    ...content.outputs(result.answer?.text ?? ""),
  };
}

function describe(spans: readonly Span[], attributes: Attributes): void {
  for (const span of spans) if (span.isRecording()) span.setAttributes(attributes);
}

function fail(span: Span, type: string): void {
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}
