/** Turns that end before anything was asked. */
import type { TurnResult } from "./run.ts";

export interface Refusal {
  code: string;
  /** For the user. */
  message: string;
}

export const NOTHING_WAITS: Refusal = {
  code: "nothing_waits",
  message: "Nothing waits for this approval: it was answered before, or the conversation has gone on.",
};

/** Without it LangGraph would begin anew, with nothing remembered. */
export const CHECKPOINT_GONE: Refusal = {
  code: "checkpoint_gone",
  message: "The checkpoint that this was to go on from is gone: the conversation has gone on or was deleted.",
};

export function refusedTurn(failure: Refusal): TurnResult {
  return {
    status: "failed",
    answer: null,
    plan: null,
    findings: [],
    usage: [],
    failure,
    approvals: [],
    checkpoint_id: null,
  };
}
