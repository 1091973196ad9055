/** From a finished Genie message to an answer with its table as evidence. */
import type { BackendConfigOf } from "../../config/schema.ts";
import type { AnswerDraft } from "../answer-draft.ts";
import type { Evidence, Json } from "../backend.ts";
import type { GenieMessage, GenieResult } from "./genie-message.ts";

export function genieDraft(
  config: BackendConfigOf<"genie">,
  host: string,
  message: GenieMessage,
  result: GenieResult | null,
  payload: Json,
): AnswerDraft {
  const text = message.texts.join("\n\n");
  const shared = {
    payload,
    conversation_id: message.conversation_id,
    suggested_questions: message.suggested_questions,
  };
  if (asksBack(message, text)) {
    return {
      ...shared,
      text,
      evidence: [],
      clarification: { question: text, options: message.suggested_questions },
    };
  }
  return {
    ...shared,
    text: text === "" ? withoutWords(result) : text,
    evidence: tables(config, host, message, result),
  };
}

/** REST says so; over MCP a text without a query that ends as a question is one. */
function asksBack(message: GenieMessage, text: string): boolean {
  if (message.query !== null) return false;
  return (
    message.purpose === "FOLLOW_UP_QUESTION" || (message.purpose === null && text.trimEnd().endsWith("?"))
  );
}

function withoutWords(result: GenieResult | null): string {
  if (result === null) return "";
  return result.row_count === 1
    ? "The query returned 1 row."
    : `The query returned ${result.row_count} rows.`;
}

function tables(
  config: BackendConfigOf<"genie">,
  host: string,
  message: GenieMessage,
  result: GenieResult | null,
): Evidence[] {
  const { query } = message;
  if (query === null || result === null) return [];
  const link = new URL(`/genie/rooms/${encodeURIComponent(config.target)}`, host);
  link.searchParams.set("conversation_id", message.conversation_id);
  link.searchParams.set("message_id", message.message_id);
  return [
    {
      kind: "table",
      title: query.title ?? query.description ?? config.name,
      url: link.href,
      sql: query.sql,
      description: query.description ?? undefined,
      ...result,
      statement_id: query.statement_id ?? undefined,
    },
  ];
}
