/** Rows of a Genie answer over REST: fetched, or computed again when they have expired (contracts section 3b). */
import type { BackendConfigOf } from "../../config/schema.ts";
import type { Json } from "../backend.ts";
import { BackendError } from "../errors.ts";
import { fault } from "../fault.ts";
import type { Scope } from "../http/scope.ts";
import { asObject } from "../json-fields.ts";
import type { Services } from "../services.ts";
import type { GenieMessage, GenieResult } from "./genie-message.ts";
import { pollWaitMs } from "./poll-waits.ts";
import { attachmentPath, type SendToSpace } from "./rest-calls.ts";
import { statementResult, statementState } from "./statement-result.ts";
import type { GenieRows, GenieTransport } from "./transport.ts";

export function createGenieRows(
  config: BackendConfigOf<"genie">,
  { clock, random }: Services,
  send: SendToSpace,
  poll: GenieTransport["poll"],
): GenieRows {
  async function fetch(scope: Scope, message: GenieMessage): Promise<GenieResult | null> {
    const path = attachmentPath(message);
    if (path === null) return null;
    for (let look = 0; ; look += 1) {
      const statement = response(await send(scope, "GET", "genie.rows", `${path}/query-result`));
      const state = statementState(statement);
      if (state === "PENDING" || state === "RUNNING") {
        await clock.sleep(pollWaitMs(look, random), scope.signal);
        continue;
      }
      if (state === "FAILED" || state === "CANCELED") throw fault("failed", { backend: config.name });
      return statementResult(statement, config.max_rows);
    }
  }

  async function again(scope: Scope, message: GenieMessage): Promise<GenieResult | null> {
    const { conversation_id, message_id } = message;
    // Managed MCP does not tell the attachment's id, so the message is read here.
    const own = attachmentPath(message) === null ? await poll(scope, conversation_id, message_id) : message;
    const path = attachmentPath(own);
    if (path === null) return null;
    await send(scope, "POST", "genie.rerun", `${path}/execute-query`);
    return await fetch(scope, own);
  }

  return {
    fetch,
    async rerun(scope, message) {
      const result = await again(scope, message).catch((error: unknown) => {
        if (!(error instanceof BackendError) || error.retryable || error.code === "timeout") throw error;
        throw fault("expired", { backend: config.name, cause: error });
      });
      if (result === null) throw fault("expired", { backend: config.name });
      return result;
    },
  };
}

function response(body: Json): Json | undefined {
  return asObject(body)?.["statement_response"];
}
