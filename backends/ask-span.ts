/** The TOOL span around a question, with a RETRIEVER child for its evidence (evals section 5.3). */
import { context, SpanKind, SpanStatusCode, trace, type Span, type Tracer } from "@opentelemetry/api";
import type { BackendConfig } from "../config/schema.ts";
import type { BackendAnswer, Evidence } from "./backend.ts";
import { failSpan } from "./http/attempt-span.ts";

/** No question, answer, row or token goes on these spans: the step's own span decides what of them is captured. */
export async function traceAsk(
  tracer: Tracer,
  config: BackendConfig,
  ask: () => Promise<BackendAnswer>,
): Promise<BackendAnswer> {
  const span = tracer.startSpan(`execute_tool ${config.name}`, {
    kind: SpanKind.INTERNAL,
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": config.name,
      "gen_ai.tool.type": config.kind,
      "mlflow.spanType": JSON.stringify("TOOL"),
      "backend.kind": config.kind,
      "backend.target": config.target,
    },
  });
  return await context.with(trace.setSpan(context.active(), span), async () => {
    try {
      const answer = await ask();
      describe(span, answer);
      if (answer.evidence.length > 0) traceEvidence(tracer, config, answer.evidence);
      return answer;
    } catch (error) {
      failSpan(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

function describe(span: Span, answer: BackendAnswer): void {
  span.setStatus({ code: SpanStatusCode.OK });
  span.setAttributes({
    "backend.identity": answer.identity,
    "backend.attempts": answer.attempts,
    "backend.queued_ms": answer.queued_ms,
    "backend.cached": answer.cached,
    "backend.evidence": answer.evidence.length,
    "backend.clarification": answer.clarification !== undefined,
    ...(answer.trace_id !== undefined && { "backend.trace_id": answer.trace_id }),
    ...(answer.request_id !== undefined && { "backend.request_id": answer.request_id }),
    ...(answer.conversation_id !== undefined && { "gen_ai.conversation.id": answer.conversation_id }),
    ...(answer.model !== undefined && { "gen_ai.response.model": answer.model }),
  });
  if (answer.usage === undefined) return;
  const { input_tokens, output_tokens, cached_tokens, reasoning_tokens } = answer.usage;
  span.setAttributes({
    "gen_ai.usage.input_tokens": input_tokens,
    "gen_ai.usage.output_tokens": output_tokens,
    "gen_ai.usage.cache_read.input_tokens": cached_tokens,
    "gen_ai.usage.reasoning.output_tokens": reasoning_tokens,
  });
}

/** Ids are positions in this answer, as the step numbers its evidence: `e1`, `e2`, ... */
function traceEvidence(tracer: Tracer, config: BackendConfig, evidence: Evidence[]): void {
  const outputs = evidence.map(({ kind, url }, at) => ({
    metadata: { evidence_id: `e${at + 1}`, kind, ...(url !== undefined && { doc_uri: url }) },
  }));
  tracer
    .startSpan(`retrieval ${config.kind}:${config.target}`, {
      attributes: {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.data_source.id": config.target,
        "mlflow.spanType": JSON.stringify("RETRIEVER"),
        "mlflow.spanOutputs": JSON.stringify(outputs),
        "evidence.ids": outputs.map(({ metadata }) => metadata.evidence_id),
      },
    })
    .end();
}
