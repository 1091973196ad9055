/** Calls of the Genie Conversation REST API under one space, and their paths (contracts section 3b). */
import type { Json } from "../backend.ts";
import type { Channel } from "../http/channel.ts";
import type { Scope } from "../http/scope.ts";
import type { GenieMessage } from "./genie-message.ts";

/** `path` goes on from the space's own. */
export type SendToSpace = (
  scope: Scope,
  method: "GET" | "POST",
  operation: string,
  path: string,
  body?: Json,
) => Promise<Json>;

export function createSpaceCalls(host: string, space_id: string, channel: Channel): SendToSpace {
  const space = `${host}/api/2.0/genie/spaces/${encodeURIComponent(space_id)}`;
  return (scope, method, operation, path, body) =>
    channel.call(
      scope,
      {
        operation,
        method,
        url: `${space}${path}`,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
      (reply) => reply.json(),
    );
}

export function messagePath(conversation_id: string, message_id: string): string {
  return `/conversations/${encodeURIComponent(conversation_id)}/messages/${encodeURIComponent(message_id)}`;
}

/** Null where the message does not tell its attachment's id. */
export function attachmentPath(message: GenieMessage): string | null {
  const id = message.query?.attachment_id ?? null;
  if (id === null) return null;
  return `${messagePath(message.conversation_id, message.message_id)}/attachments/${encodeURIComponent(id)}`;
}
