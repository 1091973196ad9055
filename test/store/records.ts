/** Literal records for tests. */
import type { NewRun } from "../../store/runs.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import type { TurnRecord } from "../../store/turns.ts";

export function aTurn(change: Partial<TurnRecord> = {}): TurnRecord {
  return {
    owner: "user:ada",
    thread_id: "thread-1",
    thread_key: "chat",
    response_id: "resp_1",
    previous_response_id: null,
    question: "How many customers churned?",
    answer: "Twelve.",
    status: "completed",
    created_at: 1_000,
    ...change,
  };
}

export function aResponse(change: Partial<ResponseRecord> = {}): ResponseRecord {
  return {
    id: "resp_1",
    owner: "user:ada",
    thread_id: "thread-1",
    thread_key: "chat",
    checkpoint_id: "checkpoint-1",
    previous_response_id: null,
    conversation_id: null,
    status: "completed",
    created_at: 1_000,
    body: { id: "resp_1", output: [] },
    input: [{ id: "msg_1", type: "message", role: "user", content: "How many customers churned?" }],
    ...change,
  };
}

export function aRun(change: Partial<NewRun> = {}): NewRun {
  return {
    id: "1",
    owner: "user:ada",
    thread_id: "thread-1",
    response_id: "resp_1",
    needs_owner: false,
    request: { question: "How many customers churned?" },
    created_at: 1_000,
    ...change,
  };
}
