/** What a kind's own code returns; `createBackend` adds what it knows of the call itself. */
import type { BackendAnswer } from "./backend.ts";

export type AnswerDraft = Pick<BackendAnswer, "text" | "evidence" | "payload"> &
  Partial<
    Pick<
      BackendAnswer,
      | "clarification"
      | "conversation_id"
      | "suggested_questions"
      | "notes"
      | "trace_id"
      | "request_id"
      | "model"
      | "usage"
      | "cached"
    >
  >;
