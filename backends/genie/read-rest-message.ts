/** A GenieMessage of the Conversation REST API (contracts section 3b). */
import type { Json } from "../backend.ts";
import { fault } from "../fault.ts";
import { asObject, asObjects, asText, asTexts, type JsonObject } from "../json-fields.ts";
import type { GenieMessage, GenieQuery } from "./genie-message.ts";

export function readRestMessage(backend: string, body: Json): GenieMessage {
  const outer = asObject(body);
  // `start-conversation` wraps the message.
  const message = asObject(outer?.["message"]) ?? outer;
  const conversation_id = asText(message?.["conversation_id"]) ?? asText(outer?.["conversation_id"]);
  const message_id =
    asText(message?.["message_id"]) ?? asText(message?.["id"]) ?? asText(outer?.["message_id"]);
  if (message === null || conversation_id === null || message_id === null)
    throw fault("malformed", { backend });
  const attachments = asObjects(message["attachments"]);
  const kept = withoutCorrections(attachments);
  const text = asObjects(kept.map((attachment) => attachment["text"]));
  return {
    conversation_id,
    message_id,
    status: asText(message["status"]) ?? "",
    texts: asTexts(text.map((value) => value["content"])),
    query: lastQuery(attachments),
    suggested_questions: attachments.flatMap((attachment) =>
      asTexts(asObject(attachment["suggested_questions"])?.["questions"]),
    ),
    purpose: text.map((value) => asText(value["purpose"])).find((purpose) => purpose !== null) ?? null,
    error_type: asText(asObject(message["error"])?.["type"]),
  };
}

/** Genie may correct itself: what it said between its first and its last query is void. */
function withoutCorrections(attachments: JsonObject[]): JsonObject[] {
  const isQuery = (attachment: JsonObject) => attachment["query"] !== undefined;
  const [first, last] = [attachments.findIndex(isQuery), attachments.findLastIndex(isQuery)];
  return attachments.filter(
    (attachment, at) => isQuery(attachment) || at < first || at > last || first === last,
  );
}

function lastQuery(attachments: JsonObject[]): GenieQuery | null {
  const attachment = attachments.findLast((value) => value["query"] !== undefined);
  const query = asObject(attachment?.["query"]);
  const sql = asText(query?.["query"]);
  if (attachment === undefined || query === null || sql === null) return null;
  return {
    sql,
    title: asText(query["title"]),
    description: asText(query["description"]),
    attachment_id: asText(attachment["attachment_id"]) ?? asText(query["attachment_id"]),
    statement_id: asText(query["statement_id"]),
    result: null,
  };
}
