/** Follows the stream of one answer until it ends, one way or another. */
import { ApiError, streamAnswer } from "./api.js";
import { announce } from "./announce.js";
import { backendLabel } from "./labels.js";
import { applyEvent } from "./turn.js";

/** @typedef {import("./turn.js").Turn} Turn */

/**
 * Never rejects: what went wrong stands in the turn.
 * @param {Turn} turn
 * @param {{ input: string | object[], thread: string, signal: AbortSignal }} ask
 * @param {() => void} draw
 */
export async function followTurn(turn, ask, draw) {
  try {
    for await (const event of streamAnswer(ask)) {
      applyEvent(turn, event);
      if (event.type === "orchestrator.step_started")
        announce(`Asking ${backendLabel(event.backend ?? "")}.`);
      draw();
    }
    if (turn.status === "running")
      fail(turn, turn.error ?? "The connection ended before the answer was complete.");
  } catch (error) {
    if (ask.signal.aborted) turn.status = "stopped";
    else
      fail(
        turn,
        error instanceof ApiError ? error.message : "The connection broke before the answer was complete.",
      );
  }
  turn.duration_ms = Date.now() - turn.started_at;
}

/** @param {Turn} turn @param {string} error */
function fail(turn, error) {
  Object.assign(turn, { status: "failed", error });
}

/** What became of it, in a sentence. @param {Turn} turn */
export function endOf(turn) {
  if (turn.status === "stopped") return "Stopped.";
  if (turn.status !== "done") return `The answer failed. ${turn.error ?? ""}`;
  return turn.approvals.length > 0 ? "Your approval is needed." : "The answer is complete.";
}
