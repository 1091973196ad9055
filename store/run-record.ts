/** One background run as it is stored. */
import type { Row } from "./database.ts";
import { fromText, type Json } from "./json.ts";

export type RunEnd = "completed" | "incomplete" | "failed" | "cancelled";

/** `queued`: nobody works on it. `running`: the holder does, or did until it died. */
export type RunState = "queued" | "running" | RunEnd;

export interface RunRecord {
  id: string;
  /** `Caller.subject`. */
  owner: string;
  thread_id: string;
  response_id: string;
  state: RunState;
  /** Claims so far: 1 in the first process, more after takeovers. */
  attempt: number;
  /** Only the owner's next request can go on with it: their token is needed and never stored. */
  needs_owner: boolean;
  cancel_requested: boolean;
  /** Everything that another process needs to run it. No secrets. */
  request: Json;
  /** Epoch milliseconds. */
  created_at: number;
  updated_at: number;
}

/** As SQL: the run is not at its end. */
export const UNFINISHED = `state IN ('queued', 'running')`;

export function toRun(row: Row): RunRecord {
  return {
    id: String(row["id"]),
    owner: String(row["owner"]),
    thread_id: String(row["thread_id"]),
    response_id: String(row["response_id"]),
    state: String(row["state"]) as RunState,
    attempt: Number(row["attempt"]),
    needs_owner: row["needs_owner"] === 1,
    cancel_requested: row["cancel_requested"] === 1,
    request: fromText(row["request"]) as Json,
    created_at: Number(row["created_at"]),
    updated_at: Number(row["updated_at"]),
  };
}
