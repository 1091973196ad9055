/** A Genie message in the words of the REST API and in those of managed MCP. */
import type { GenieConversation } from "./store.ts";
import { SPACE_ID } from "./store.ts";
import { isTerminal, type GenieMessage, type GenieStatus } from "./message.ts";
import { statementResponse, valueRows } from "./statement.ts";

/** GenieMessage of contracts section 3b. Attachments appear with the first terminal status. */
export function restMessage(message: GenieMessage, status: GenieStatus) {
  const { reply } = message;
  const failed =
    status === "FAILED" ? (reply?.error ?? { type: "INTERNAL_ERROR", message: "Failed." }) : null;
  return {
    id: message.id,
    message_id: message.id,
    space_id: SPACE_ID,
    conversation_id: message.conversation_id,
    user_id: 1,
    content: message.content,
    status,
    created_timestamp: message.created,
    last_updated_timestamp: Date.now(),
    ...(failed ? { error: { type: failed.type, error: failed.message } } : {}),
    ...(message.rating ? { feedback: { rating: message.rating } } : {}),
    attachments: isTerminal(status) && !failed ? attachments(message) : [],
  };
}

function attachments(message: GenieMessage): object[] {
  const { reply } = message;
  if (!reply) return [];
  const list: object[] = [];
  if (reply.query) {
    const { sql, title, description, row_count, truncated } = reply.query;
    const query_result_metadata = { row_count, is_truncated: truncated };
    const { statement_id } = message;
    const query = { query: sql, title, description, statement_id, query_result_metadata, parameters: [] };
    list.push({ attachment_id: message.query_attachment, query });
  }
  const purpose = reply.outcome === "clarify" ? { purpose: "FOLLOW_UP_QUESTION" } : {};
  list.push({ attachment_id: message.text_attachment, text: { content: reply.text, ...purpose } });
  if (reply.suggested_questions.length > 0) {
    const suggested_questions = { questions: reply.suggested_questions };
    list.push({ attachment_id: message.questions_attachment, suggested_questions });
  }
  return list;
}

/** The `structuredContent` of both MCP tools: camelCase ids. The SQL is there before its rows. */
export function mcpMessage(message: GenieMessage, status: GenieStatus) {
  const { reply } = message;
  const done = status === "COMPLETED" || status === "QUERY_RESULT_EXPIRED";
  const failed = status === "FAILED" ? { error: reply?.error?.message ?? "Failed." } : {};
  const knowsQuery = done || status === "PENDING_WAREHOUSE" || status === "EXECUTING_QUERY";
  const content = {
    textAttachments: done && reply ? [reply.text] : [],
    suggestedQuestions: done && reply ? reply.suggested_questions : [],
    queryAttachments: knowsQuery && reply?.query ? [queryAttachment(message, status)] : [],
  };
  return { conversationId: message.conversation_id, messageId: message.id, status, ...failed, content };
}

function queryAttachment(message: GenieMessage, status: GenieStatus) {
  const { sql = "", title, description } = message.reply?.query ?? {};
  if (status === "COMPLETED") {
    const statement_response = statementResponse(message, "SUCCEEDED", valueRows);
    return { query: sql, title, description, statement_response };
  }
  const state = status === "QUERY_RESULT_EXPIRED" ? "CLOSED" : "PENDING";
  return { query: sql, title, description, statement_response: statementResponse(message, state, null) };
}

export function restConversation({ id, title, created, messages }: GenieConversation) {
  const last_updated_timestamp = messages.at(-1)?.created ?? created;
  return {
    id,
    conversation_id: id,
    space_id: SPACE_ID,
    user_id: 1,
    title,
    created_timestamp: created,
    last_updated_timestamp,
  };
}
