/** Keeps spans in our own database, so that every question can be explained without an account anywhere. */
import { ExportResultCode, type ExportResult } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { Json } from "../store/json.ts";
import type { TraceLimits, TracePiece, TraceTable } from "../store/traces.ts";
import { isLocalRoot } from "./local-root.ts";
import { spanRecord } from "./span-record.ts";

/** Traces written between two looks at what is too much. */
const PRUNE_EVERY = 50;

export function localExporter(
  table: Pick<TraceTable, "append" | "prune">,
  limits: TraceLimits,
): SpanExporter {
  let written = PRUNE_EVERY;
  const keep = async (spans: ReadableSpan[]) => {
    const pieces = piecesOf(spans);
    await table.append(pieces);
    written += pieces.length;
    if (written < PRUNE_EVERY) return;
    written = 0;
    await table.prune(limits);
  };
  return {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void) {
      keep(spans).then(
        () => done({ code: ExportResultCode.SUCCESS }),
        (error: unknown) => done({ code: ExportResultCode.FAILED, error: error as Error }),
      );
    },
    shutdown: async () => {},
  };
}

/** One piece per trace and asker. */
function piecesOf(spans: ReadableSpan[]): TracePiece[] {
  const groups = new Map<string, ReadableSpan[]>();
  for (const span of spans) {
    const key = `${span.spanContext().traceId} ${ownerOf(span)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [span]);
    else group.push(span);
  }
  return [...groups.values()].map(pieceOf);
}

function pieceOf(spans: ReadableSpan[]): TracePiece {
  const [first] = spans as [ReadableSpan];
  const root = spans.find(isLocalRoot);
  const records = spans.map(spanRecord);
  const text = (name: string) => {
    const value = root?.attributes[name];
    return typeof value === "string" ? value : null;
  };
  const rootRecord = root === undefined ? undefined : records[spans.indexOf(root)];
  return {
    id: first.spanContext().traceId,
    owner: ownerOf(first),
    thread_id: text("session.id") ?? said(spans, "session.id"),
    response_id: text("orchestrator.response_id") ?? said(spans, "orchestrator.response_id"),
    name: root?.name ?? null,
    question: questionIn(text("mlflow.spanInputs")),
    status: rootRecord?.status ?? null,
    started_at: Math.min(...records.map((record) => record.started_at)),
    duration_ms: rootRecord?.duration_ms ?? null,
    piece: first.spanContext().spanId,
    spans: records.map((record) => record as object as Json),
  };
}

/** The request of a background run may have ended before its turn began: then the turn's own span says it alone. */
function said(spans: readonly ReadableSpan[], name: string): string | null {
  const value = spans.find((span) => typeof span.attributes[name] === "string")?.attributes[name];
  return typeof value === "string" ? value : null;
}

function ownerOf(span: ReadableSpan): string {
  const user = span.attributes["user.id"];
  return typeof user === "string" ? user : "";
}

/** The inputs of a turn are `{"question": …}`, as the turn's span writes them. */
function questionIn(inputs: string | null): string | null {
  if (inputs === null) return null;
  const value: unknown = JSON.parse(inputs);
  const question = typeof value === "object" && value !== null ? Reflect.get(value, "question") : null;
  return typeof question === "string" ? question.slice(0, 300) : null;
}
