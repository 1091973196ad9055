/** Genie over the Conversation REST API, and the rows that only it can fetch or compute again (contracts section 3b). */
import type { BackendConfigOf } from "../../config/schema.ts";
import type { Json } from "../backend.ts";
import { BackendError } from "../errors.ts";
import { fault } from "../fault.ts";
import type { Channel } from "../http/channel.ts";
import type { Scope } from "../http/scope.ts";
import { asObject } from "../json-fields.ts";
import type { Services } from "../services.ts";
import type { GenieMessage, GenieResult } from "./genie-message.ts";
import { pollWaitMs } from "./poll-waits.ts";
import { readRestMessage } from "./read-rest-message.ts";
import { statementResult, statementState } from "./statement-result.ts";
import type { GenieRows, GenieTransport } from "./transport.ts";

export function createGenieRestTransport(
  config: BackendConfigOf<"genie">,
  services: Services,
  channel: Channel,
): GenieTransport & GenieRows {
  const space = `${services.host}/api/2.0/genie/spaces/${encodeURIComponent(config.target)}`;

  const send = (
    scope: Scope,
    method: "GET" | "POST",
    operation: string,
    path: string,
    body?: Json,
  ): Promise<Json> =>
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

  async function poll(scope: Scope, conversation_id: string, message_id: string): Promise<GenieMessage> {
    const path = messagePath(conversation_id, message_id);
    return readRestMessage(config.name, await send(scope, "GET", "genie.poll", path));
  }

  const response = (body: Json) => asObject(body)?.["statement_response"];

  async function fetch(scope: Scope, message: GenieMessage): Promise<GenieResult | null> {
    const path = attachmentPath(message);
    if (path === null) return null;
    for (let look = 0; ; look += 1) {
      const statement = response(await send(scope, "GET", "genie.rows", `${path}/query-result`));
      const state = statementState(statement);
      if (state === "PENDING" || state === "RUNNING") {
        await services.clock.sleep(pollWaitMs(look, services.random), scope.signal);
        continue;
      }
      if (state === "FAILED" || state === "CANCELED") throw fault("failed", { backend: config.name });
      return statementResult(statement, config.max_rows);
    }
  }

  return {
    name: "rest",
    poll,
    fetch,
    async ask(scope, question, conversation_id) {
      const path =
        conversation_id === undefined
          ? "/start-conversation"
          : `/conversations/${encodeURIComponent(conversation_id)}/messages`;
      return readRestMessage(
        config.name,
        await send(scope, "POST", "genie.ask", path, { content: question }),
      );
    },
    async rerun(scope, message) {
      try {
        // Managed MCP does not tell the attachment's id, so the message is read here.
        const own = attachmentPath(message) === null ? await poll(scope, message.conversation_id, message.message_id) : message; // prettier-ignore
        const path = attachmentPath(own);
        if (path !== null) {
          await send(scope, "POST", "genie.rerun", `${path}/execute-query`);
          const result = await fetch(scope, own);
          if (result !== null) return result;
        }
      } catch (error) {
        if (!(error instanceof BackendError) || error.retryable || error.code === "timeout") throw error;
        throw fault("expired", { backend: config.name, cause: error });
      }
      throw fault("expired", { backend: config.name });
    },
  };
}

function messagePath(conversation_id: string, message_id: string): string {
  return `/conversations/${encodeURIComponent(conversation_id)}/messages/${encodeURIComponent(message_id)}`;
}

function attachmentPath(message: GenieMessage): string | null {
  const id = message.query?.attachment_id ?? null;
  if (id === null) return null;
  return `${messagePath(message.conversation_id, message.message_id)}/attachments/${encodeURIComponent(id)}`;
}
