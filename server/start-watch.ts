/** Starts what watches the running system, after backends and store are there and before the first request. */
import { trace } from "@opentelemetry/api";
import type { Logger } from "pino";
import type { TracingConfig } from "../config/schema.ts";
import type { Assembled } from "../graphs/from-config.ts";
import type { RunTurn } from "../graphs/turn-span.ts";
import type { AssessmentTarget } from "../tracing/assessment.ts";
import { feedbackDesk } from "../tracing/feedback-desk.ts";
import { createForwarder } from "../tracing/forwarder.ts";
import { mlflowAssessments } from "../tracing/mlflow-assessments.ts";
import type { LangSmith } from "../tracing/langsmith.ts";
import { createMetrics } from "../tracing/metrics/create-metrics.ts";
import { createRedact } from "../tracing/redact.ts";
import { startTracing, type Tracing } from "../tracing/start-tracing.ts";
import { traceReader } from "../tracing/trace-reader.ts";
import { userId } from "../tracing/user-id.ts";
import type { BuildFacts } from "./build-facts.ts";
import { workspaceAccess } from "./workspace-access.ts";
import { watchedTurn } from "./watched-turn.ts";
import type { Watch } from "./watch.ts";

export interface RunningWatch extends Watch {
  /** Of the request under way, as clients get it. */
  currentTraceId(): string | undefined;
  /** A turn, watched. */
  runTurn: RunTurn;
  /** Sends what waits, within a few seconds. */
  close(): Promise<void>;
}

export interface WatchDeps {
  facts: BuildFacts;
  logger: Logger;
  /** Null where LangSmith is off. */
  smith: LangSmith | null;
}

export function startWatch(assembled: Assembled, { facts, logger, smith }: WatchDeps): RunningWatch {
  const { config, backends, store } = assembled;
  const tracing = startTracing(config.tracing, {
    service: { name: config.name, ...facts },
    workspace: workspaceAccess(config, backends),
    traces: store.traces,
    onFailure: (destination, err) => logger.warn({ err, destination }, "traces could not be delivered"),
  });
  const asUser = (subject: string) => userId(subject, config.tracing.user_ids);
  const redact = createRedact(config.tracing.redact);
  const forwarder = createForwarder(MOST_FORWARDS, (target, err) =>
    logger.warn({ err, target }, "an assessment could not be delivered"),
  );
  const metrics = createMetrics({
    backends: () => backends.snapshot(),
    exports: () => tracing.counts(),
    assessments: () => forwarder.counts(),
    sizes: () => store.sizes(),
  });
  const settle = () => tracing.settle();
  const targets = [
    ...assessmentTargets(config.tracing, tracing),
    ...(smith === null ? [] : [smith.feedback]),
  ];
  return {
    adopt: config.tracing.adopt_traceparent,
    userId: asUser,
    traceId: (hex) => tracing.traceId(hex),
    traces: traceReader({ table: store.traces, userId: asUser, settle }),
    feedback: feedbackDesk({ store, userId: asUser, settle, targets, forwarder, redact, clock: Date.now }),
    metrics,
    runTurn: watchedTurn(assembled, { metrics: metrics.runs, logger, targets, forwarder, redact }),
    currentTraceId: () => currentTraceId(tracing),
    close: async () => void (await Promise.all([tracing.close(), smith?.flush()])),
  };
}

/** Judgements under way at once; more are dropped and counted. */
const MOST_FORWARDS = 256;

function assessmentTargets({ mlflow }: TracingConfig, tracing: Tracing): AssessmentTarget[] {
  return tracing.mlflow === null ? [] : [mlflowAssessments(tracing.mlflow, mlflow?.sql_warehouse_id)];
}

function currentTraceId(tracing: Tracing): string | undefined {
  const span = trace.getActiveSpan();
  return span === undefined ? undefined : tracing.traceId(span.spanContext().traceId);
}
