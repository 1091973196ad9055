/** A Genie message as both transports read it, and which of its statuses end it (contracts section 3a). */
import type { Cell } from "../backend.ts";

export interface GenieQuery {
  sql: string;
  title: string | null;
  description: string | null;
  /** REST only: what addresses the rows. */
  attachment_id: string | null;
  statement_id: string | null;
  /** Null: the rows did not come along (REST), or are gone. */
  result: GenieResult | null;
}

export interface GenieResult {
  columns: { name: string; type: string }[];
  rows: Cell[][];
  row_count: number;
  truncated: boolean;
}

export interface GenieMessage {
  conversation_id: string;
  message_id: string;
  status: string;
  /** In order, texts between self-corrections left out. */
  texts: string[];
  /** The last query: Genie may correct itself (contracts section 3b). */
  query: GenieQuery | null;
  suggested_questions: string[];
  /** `FOLLOW_UP_QUESTION` on a text; null when the transport does not tell. */
  purpose: string | null;
  /** `error.type`, for `FAILED`. */
  error_type: string | null;
}

const TERMINAL = new Set(["COMPLETED", "FAILED", "CANCELLED", "QUERY_RESULT_EXPIRED"]);

/** An unknown status is a running one. */
export function isTerminal(status: string): boolean {
  return TERMINAL.has(status);
}

const SENTENCES: Record<string, string> = {
  SUBMITTED: "The question was submitted.",
  FETCHING_METADATA: "Genie reads the metadata of the space.",
  FILTERING_CONTEXT: "Genie chooses the tables that matter.",
  ASKING_AI: "Genie writes the query.",
  PENDING_WAREHOUSE: "Genie waits for the warehouse.",
  EXECUTING_QUERY: "Genie runs the query.",
  COMPLETED: "Genie has answered.",
};

export function statusSentence(status: string): string {
  return SENTENCES[status] ?? "Genie is working on the question.";
}
