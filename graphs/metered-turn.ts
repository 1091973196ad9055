/** Counts what a turn did, from its events and its result. */
import type { RunMetrics } from "../tracing/metrics/run-metrics.ts";
import type { RunEvent } from "../nodes/run-context.ts";
import type { TurnResult } from "./run.ts";
import type { RunTurn } from "./turn-span.ts";

/** `clock` in milliseconds. */
export function meteredTurn(runTurn: RunTurn, metrics: RunMetrics, clock: () => number): RunTurn {
  return async (input, context) => {
    const began = clock();
    const seconds = () => (clock() - began) / 1_000;
    let silent = true;
    const emit = (event: RunEvent) => {
      if (event.type === "text" && silent) {
        silent = false;
        metrics.firstText(seconds());
      } else count(metrics, event);
      context.emit(event);
    };
    try {
      const result = await runTurn(input, { ...context, emit });
      metrics.ended(result.status, seconds());
      for (const call of result.usage) {
        const { node, usage, usd } = call;
        const { input_tokens = null, output_tokens = null } = usage ?? {};
        metrics.cost({ node, input_tokens, output_tokens, usd });
      }
      checked(metrics, result);
      return result;
    } catch (error) {
      metrics.ended(context.signal.aborted ? "aborted" : "crashed", seconds());
      throw error;
    }
  };
}

function count(metrics: RunMetrics, event: RunEvent): void {
  if (event.type === "node_finished") metrics.node(event.node, event.duration_ms / 1_000);
  if (event.type === "plan") metrics.routed(event.plan.decision.tier, event.plan.kind);
  if (event.type !== "step_finished") return;
  const { backend, status, error, duration_ms, queued_ms } = event.finding;
  const code = error?.code ?? "";
  metrics.step({ backend, status, code, seconds: duration_ms / 1_000, queued_seconds: queued_ms / 1_000 });
}

function checked(metrics: RunMetrics, { verification, findings }: TurnResult): void {
  if (findings.some(({ error }) => error?.code === "budget")) metrics.stopped("request");
  if (verification !== undefined && verification !== null) metrics.verified(verification.ok);
}
