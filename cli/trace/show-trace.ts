/** Reads the local trace store as its operator and prints what was found; returns the exit code. */
import type { Env } from "../../config/loading/expand-env.ts";
import type { OrchestratorConfig } from "../../config/schema.ts";
import { createStore } from "../../store/create-store.ts";
import type { Store } from "../../store/store.ts";
import { StoreError } from "../../store/store-error.ts";
import type { TraceSummary } from "../../store/traces.ts";
import { explanation } from "../../tracing/explanation.ts";
import { plainTraceId } from "../../tracing/trace-ids.ts";
import { traceDetail } from "../../tracing/trace-reader.ts";
import { waterfall } from "../../tracing/waterfall.ts";
import type { Terminal } from "../terminal.ts";

export interface TraceWishes {
  config: OrchestratorConfig;
  env: Env;
  id: string | undefined;
  list: boolean;
  json: boolean;
}

export async function showTrace(wishes: TraceWishes, terminal: Terminal): Promise<number> {
  try {
    const store = await createStore(wishes.config.persistence, { env: wishes.env });
    try {
      return wishes.list ? await listTraces(store, terminal) : await oneTrace(store, wishes, terminal);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  }
}

const LISTED = 20;

async function listTraces({ traces }: Store, terminal: Terminal): Promise<number> {
  for (const trace of await traces.list(null, LISTED)) terminal.out(`${line(trace)}\n`);
  return 0;
}

async function oneTrace({ traces }: Store, { id, json }: TraceWishes, terminal: Terminal): Promise<number> {
  const [newest = null] = id === undefined ? await traces.list(null, 1) : [];
  const summary = id === undefined ? newest : await traces.find(null, plainTraceId(id));
  if (summary === null) {
    terminal.err(id === undefined ? "No trace is kept yet.\n" : `There is no trace ${id}.\n`);
    return 1;
  }
  const { spans } = await traceDetail(traces, summary);
  if (json) terminal.out(`${JSON.stringify(spans, null, 2)}\n`);
  else terminal.out([line(summary), "", explanation(spans), "", waterfall(spans), ""].join("\n"));
  return 0;
}

function line({ id, started_at, duration_ms, status, question, name }: TraceSummary): string {
  const time = new Date(started_at).toISOString().slice(0, 19).replace("T", " ");
  const took = duration_ms === null ? "under way" : `${duration_ms.toFixed(0)} ms`;
  const mark = status === "error" ? "  failed" : "";
  return `${id}  ${time}  ${took.padStart(9)}${mark}  ${question ?? name ?? ""}`;
}
