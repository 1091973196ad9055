/** What stands behind the sandbox's wire: four answering parts over one made-up company, and SQL for the truth. */

/** A question with what the caller sent along: earlier messages of the request, as plain text. */
export interface Asked {
  question: string;
  /** Context messages that came before the question in the same request, oldest first. */
  context: string[];
}

/** A statement's result in the shape of the Statement Execution API: every cell is text or null. */
export interface SqlResult {
  columns: { name: string; type_name: string }[];
  rows: (string | null)[][];
}

export interface GenieReply {
  outcome: "answer" | "clarify" | "cannot" | "failed";
  /** The text attachment: a summary, the clarifying question, or what cannot be answered. */
  text: string;
  /** Present for `answer`. */
  query?: {
    sql: string;
    title: string;
    description: string;
    result: SqlResult;
    row_count: number;
    truncated: boolean;
  };
  suggested_questions: string[];
  /** For `failed`. */
  error?: { type: string; message: string };
}

/** Genie keeps the last query per conversation so that "and by region?" refines it. */
export interface GeniePart {
  readonly title: string;
  readonly description: string;
  ask(conversation_id: string, question: string): Promise<GenieReply>;
}

export interface CitedAnswer {
  text: string;
  /** Positions in `text` (UTF-16, end exclusive). */
  citations: { title: string; url: string; start_index: number; end_index: number; snippet: string }[];
}

export interface AnsweringPart {
  answer(asked: Asked): Promise<PartAnswer>;
}

export interface PartAnswer {
  text: string;
  citations: CitedAnswer["citations"];
  /** Structured results, sent as `custom_outputs`: tables as {title, columns:[{name,type}], rows}. */
  custom_outputs: Record<string, unknown>;
}

export interface Company {
  genie: GeniePart;
  knowledge: AnsweringPart;
  churn: AnsweringPart;
  retention: AnsweringPart;
  /** Read-only SQL over the same data: the truth for the evaluations, and the warehouse behind the SQL API. */
  sql(statement: string, parameters?: Record<string, string>): Promise<SqlResult>;
  /** Titles and URLs of all documents. */
  documents(): { title: string; url: string }[];
  document(url: string): string | null;
  close(): Promise<void>;
}
