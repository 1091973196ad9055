/** The TOOL span around a question, with a RETRIEVER child for its evidence (evals section 5.3). */
import { context, SpanKind, SpanStatusCode, trace, type Span } from "@opentelemetry/api";
import type { BackendConfig } from "../config/schema.ts";
import type { BackendAnswer, Evidence } from "./backend.ts";
import { calleeLink } from "./callee-link.ts";
import { failSpan } from "./http/attempt-span.ts";
import type { Services } from "./services.ts";

type Spans = Pick<Services, "tracer" | "content">;

/** What of payload, answer and evidence goes along is decided by `content`; a token never does. */
export async function traceAsk(
  spans: Spans,
  config: BackendConfig,
  ask: () => Promise<BackendAnswer>,
): Promise<BackendAnswer> {
  const span = spans.tracer.startSpan(`execute_tool ${config.name}`, {
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
      span.setAttributes({
        ...spans.content.inputs(answer.payload),
        ...spans.content.outputs({ text: answer.text }),
      });
      if (answer.evidence.length > 0) traceEvidence(spans, config, answer.evidence);
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
    ...(answer.conversation_id !== undefined && {
      // Not `gen_ai.conversation.id`: MLflow would take the backend's conversation for the session of the trace.
      "backend.conversation_id": answer.conversation_id,
    }),
    ...(answer.model !== undefined && { "gen_ai.response.model": answer.model }),
  });
  const link = answer.trace_id === undefined ? null : calleeLink(span, answer.trace_id);
  if (link !== null) span.addLink(link);
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
function traceEvidence({ tracer, content }: Spans, config: BackendConfig, evidence: Evidence[]): void {
  const ids = evidence.map((_, at) => `e${at + 1}`);
  tracer
    .startSpan(`retrieval ${config.kind}:${config.target}`, {
      attributes: {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.data_source.id": config.target,
        "mlflow.spanType": JSON.stringify("RETRIEVER"),
        "evidence.ids": ids,
        ...content.outputs(evidence.map((item, at) => document(item, ids[at] ?? ""))),
      },
    })
    .end();
}

/** As MLflow's judges read what was retrieved. */
function document(item: Evidence, evidence_id: string) {
  const { kind, title, url } = item;
  const page_content =
    item.kind === "table"
      ? JSON.stringify({ columns: item.columns.map(({ name }) => name), rows: item.rows.slice(0, MOST_ROWS) })
      : item.text;
  const sql = item.kind === "table" ? item.sql : undefined;
  const source = { ...(url !== undefined && { doc_uri: url }), ...(sql !== undefined && { sql }) };
  return { page_content, metadata: { evidence_id, kind, title, ...source } };
}

const MOST_ROWS = 50;
