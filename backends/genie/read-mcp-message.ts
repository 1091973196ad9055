/** The result of both Genie MCP tools: camelCase ids, the payload repeated in every text (contracts section 3a). */
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { fault } from "../fault.ts";
import { asList, asObject, asText, asTexts, parseJson, type JsonObject } from "../json-fields.ts";
import { messageFault } from "../mcp/message-fault.ts";
import type { GenieMessage, GenieQuery } from "./genie-message.ts";
import { statementResult, statementState } from "./statement-result.ts";

export function readMcpMessage(backend: string, result: CallToolResult, max_rows: number): GenieMessage {
  const first = result.content[0];
  const text = first?.type === "text" ? first.text : "";
  if (result.isError === true) throw messageFault(backend, text);
  // The texts repeat each other: one is enough, and only where there is no structured content.
  const message = asObject(result.structuredContent) ?? asObject(parseJson(text));
  const conversation_id = asText(message?.["conversationId"]) ?? asText(message?.["conversation_id"]);
  const message_id = asText(message?.["messageId"]) ?? asText(message?.["message_id"]);
  if (message === null || conversation_id === null || message_id === null)
    throw fault("malformed", { backend });
  const content = asObject(message["content"]);
  return {
    conversation_id,
    message_id,
    status: asText(message["status"]) ?? "",
    texts: asTexts(content?.["textAttachments"]),
    query: lastQuery(content, max_rows),
    suggested_questions: asTexts(content?.["suggestedQuestions"]),
    purpose: null,
    error_type: asText(message["errorType"]) ?? asText(asObject(message["error"])?.["type"]),
  };
}

function lastQuery(content: JsonObject | null, max_rows: number): GenieQuery | null {
  const query = asObject(asList(content?.["queryAttachments"]).at(-1));
  const sql = asText(query?.["query"]);
  if (query === null || sql === null) return null;
  const response = query["statement_response"];
  const done = statementState(response) === "SUCCEEDED" || statementState(response) === "";
  return {
    sql,
    title: asText(query["title"]),
    description: asText(query["description"]),
    attachment_id: asText(query["attachmentId"]) ?? asText(query["attachment_id"]),
    statement_id: asText(asObject(response)?.["statement_id"]),
    result: done ? statementResult(response, max_rows) : null,
  };
}
