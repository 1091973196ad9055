/** Starts what watches the running system, after backends and store are there and before the first request. */
import { trace } from "@opentelemetry/api";
import type { Logger } from "pino";
import type { Assembled } from "../graphs/from-config.ts";
import { startTracing, type Tracing } from "../tracing/start-tracing.ts";
import { traceReader } from "../tracing/trace-reader.ts";
import { userId } from "../tracing/user-id.ts";
import { workspaceAccess } from "./workspace-access.ts";
import type { Watch } from "./watch.ts";

export interface RunningWatch extends Watch {
  /** Of the request under way, as clients get it. */
  currentTraceId(): string | undefined;
  /** Sends what waits, within a few seconds. */
  close(): Promise<void>;
}

export function startWatch(assembled: Assembled, version: string, logger: Logger): RunningWatch {
  const { config, backends, store } = assembled;
  const tracing = startTracing(config.tracing, {
    service: { name: config.name, version },
    workspace: workspaceAccess(config, backends),
    traces: store.traces,
    onFailure: (destination, err) => logger.warn({ err, destination }, "traces could not be delivered"),
  });
  const asUser = (subject: string) => userId(subject, config.tracing.user_ids);
  return {
    adopt: config.tracing.adopt_traceparent,
    userId: asUser,
    traceId: (hex) => tracing.traceId(hex),
    traces: traceReader({ table: store.traces, userId: asUser, settle: () => tracing.settle() }),
    currentTraceId: () => currentTraceId(tracing),
    close: () => tracing.close(),
  };
}

function currentTraceId(tracing: Tracing): string | undefined {
  const span = trace.getActiveSpan();
  return span === undefined ? undefined : tracing.traceId(span.spanContext().traceId);
}
