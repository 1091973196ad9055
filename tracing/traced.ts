/** Runs a node inside an OpenTelemetry span, so that context nests and `traceparent` goes out (evals.md 5.3). */
import { isGraphBubbleUp } from "@langchain/langgraph";
import { SpanStatusCode, trace, type Attributes } from "@opentelemetry/api";

export const TRACER_NAME = "multi-agent-orchestrator";

/** Values of `mlflow.spanType`, JSON-encoded as MLflow stores them. */
export type SpanType = "AGENT" | "CHAIN" | "TOOL" | "EVALUATOR" | "CHAT_MODEL" | "RETRIEVER";

/** The same function, each call in a span named `name`. An interrupt or a drain is not an error. */
export function traced<A extends unknown[], R>(
  name: string,
  type: SpanType,
  run: (...args: A) => Promise<R>,
  describe: (...args: A) => Attributes = () => ({}),
): (...args: A) => Promise<R> {
  return (...args) =>
    trace
      .getTracer(TRACER_NAME)
      .startActiveSpan(name, { attributes: { "mlflow.spanType": JSON.stringify(type) } }, async (span) => {
        span.setAttributes(describe(...args));
        try {
          return await run(...args);
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
