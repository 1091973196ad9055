/** Reads the local trace store as one person: nobody sees what others asked. */
import type { TraceSummary, TraceTable } from "../store/traces.ts";
import type { SpanRecord } from "./span-record.ts";
import { plainTraceId } from "./trace-ids.ts";

export interface TraceDetail {
  summary: TraceSummary;
  /** By start. */
  spans: SpanRecord[];
}

export interface TraceReader {
  /** Newest first. */
  list(subject: string, limit: number): Promise<TraceSummary[]>;
  /** By the id of a trace in any form, or by the id of its response. Null when there is none of this caller. */
  get(subject: string, id: string): Promise<TraceDetail | null>;
}

export interface TraceReaderDeps {
  table: Pick<TraceTable, "list" | "find" | "spans">;
  userId: (subject: string) => string;
  /** Resolves when what has ended is in the table. */
  settle: () => Promise<void>;
}

export function traceReader(deps: TraceReaderDeps): TraceReader {
  const { table } = deps;
  return {
    list: async (subject, limit) => {
      await deps.settle();
      return table.list(deps.userId(subject), limit);
    },
    get: async (subject, id) => {
      await deps.settle();
      const summary = await table.find(deps.userId(subject), plainTraceId(id));
      return summary === null ? null : traceDetail(table, summary);
    },
  };
}

export async function traceDetail(
  table: Pick<TraceTable, "spans">,
  summary: TraceSummary,
): Promise<TraceDetail> {
  const spans = (await table.spans(summary)) as object[] as SpanRecord[];
  return { summary, spans: spans.toSorted((a, b) => a.started_at - b.started_at) };
}
