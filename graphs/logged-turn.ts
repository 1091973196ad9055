/** One log line per failed step and per failed turn: codes and names, no content. */
import type { RunEvent } from "../nodes/run-context.ts";
import type { RunTurn } from "./turn-span.ts";

export interface FailureLog {
  warn(fields: object, message: string): void;
}

export function loggedTurn(runTurn: RunTurn, log: FailureLog): RunTurn {
  return async (input, context) => {
    const { run_id } = context;
    const emit = (event: RunEvent) => {
      if (event.type === "step_finished" && event.finding.status === "failed") {
        const { step, backend, error, attempts, duration_ms } = event.finding;
        const { code, status } = error ?? {};
        log.warn({ run_id, step, backend, code, status, attempts, duration_ms }, "step failed");
      }
      context.emit(event);
    };
    const result = await runTurn(input, { ...context, emit });
    if (result.status === "failed") log.warn({ run_id, code: result.failure?.code }, "turn failed");
    return result;
  };
}
