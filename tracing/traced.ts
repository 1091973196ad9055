/** Runs a function inside an OpenTelemetry span, so that context nests and `traceparent` goes out (evals.md 5.3). */
import { isGraphBubbleUp } from "@langchain/langgraph";
import { SpanStatusCode, trace, type Attributes } from "@opentelemetry/api";

export const TRACER_NAME = "multi-agent-orchestrator";

/** Values of `mlflow.spanType`. */
export type SpanType = "AGENT" | "CHAIN" | "TOOL" | "EVALUATOR" | "CHAT_MODEL" | "RETRIEVER";

/** What a span says about the call; computed only when somebody records it. */
export interface SpanWords<A extends unknown[], R> {
  /** Names the span by the call instead of by the function. */
  name?(...args: A): string;
  before?(...args: A): Attributes;
  after?(result: Awaited<R>): Attributes;
}

/** The same function, each call in a span named `name`. An interrupt or a drain is not an error. */
export function traced<A extends unknown[], R>(
  name: string,
  type: SpanType,
  run: (...args: A) => Promise<R>,
  words: SpanWords<A, R> = {},
): (...args: A) => Promise<R> {
  // MLflow's own attributes are JSON text (contracts section 7).
  const attributes = { "mlflow.spanType": JSON.stringify(type) };
  return (...args) =>
    trace
      .getTracer(TRACER_NAME)
      .startActiveSpan(words.name?.(...args) ?? name, { attributes }, async (span) => {
        try {
          if (span.isRecording()) span.setAttributes(words.before?.(...args) ?? {});
          const result = await run(...args);
          if (span.isRecording()) span.setAttributes(words.after?.(result) ?? {});
          return result;
        } catch (error) {
          if (!isGraphBubbleUp(error)) {
            span.setStatus({ code: SpanStatusCode.ERROR });
            span.setAttribute("error.type", error instanceof Error ? error.name : "unknown");
          }
          throw error;
        } finally {
          span.end();
        }
      });
}
