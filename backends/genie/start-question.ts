/** Puts a question to Genie: its turn in the workspace's queue first, then MCP or REST, then a conversation that exists. */
import type { BackendConfigOf } from "../../config/schema.ts";
import type { Asking } from "../create-backend.ts";
import { BackendError, type BackendErrorCode } from "../errors.ts";
import { fault } from "../fault.ts";
import type { Services } from "../services.ts";
import type { GenieMessage } from "./genie-message.ts";
import type { GenieTransport } from "./transport.ts";

export interface BegunQuestion {
  transport: GenieTransport;
  message: GenieMessage;
  /** The conversation to go on with was not there any more, so the question stands alone. */
  conversation_lost?: boolean;
}

/** After MCP turned out not to work, so long only REST is tried. */
const REST_ONLY_MS = 600_000;

/**
 * Signs that MCP is not to be had here, so that the other way is tried with the same question. Asking is only
 * reading: should a malformed reply have begun a question, it is asked twice at worst.
 */
const OTHER_WAY: ReadonlySet<BackendErrorCode> = new Set<BackendErrorCode>([
  "not_found",
  "malformed",
  "forbidden",
  "unauthorized",
  "rejected",
]);

export function startQuestion(
  config: BackendConfigOf<"genie">,
  services: Services,
  transports: { mcp: GenieTransport; rest: GenieTransport },
): (asking: Asking) => Promise<BegunQuestion> {
  let mcp_again_at = 0;

  async function queue({ scope, call }: Asking): Promise<void> {
    const waited = await services.genie_questions.take(scope.signal, scope.deadline, (ms) => {
      const seconds = Math.ceil(ms / 1_000);
      const message = `The workspace takes only so many Genie questions per minute; this one is sent in ${seconds} s.`;
      call.onProgress({ status: "queued", message });
    });
    if (waited === null) {
      throw fault("rate_limited", { backend: config.name }, "the workspace's Genie questions of this minute are used up, try again in a minute"); // prettier-ignore
    }
    scope.spent.queued_ms += waited;
  }

  /** A conversation that is gone, or another's, is replaced by a new one; the reader is told. */
  async function ask(transport: GenieTransport, { scope, request }: Asking): Promise<BegunQuestion> {
    const { question, conversation_id } = request;
    try {
      return { transport, message: await transport.ask(scope, question, conversation_id) };
    } catch (error) {
      const gone =
        error instanceof BackendError && (error.code === "not_found" || error.code === "forbidden");
      if (conversation_id === undefined || !gone) throw error;
      const message = await transport.ask(scope, question, undefined);
      return { transport, message, conversation_lost: true };
    }
  }

  return async (asking) => {
    await queue(asking);
    if (config.transport === "rest") return await ask(transports.rest, asking);
    if (config.transport === "mcp") return await ask(transports.mcp, asking);
    if (services.clock.now() < mcp_again_at) return await ask(transports.rest, asking);
    try {
      return await ask(transports.mcp, asking);
    } catch (error) {
      if (!(error instanceof BackendError) || !OTHER_WAY.has(error.code)) throw error;
      const begun = await ask(transports.rest, asking);
      mcp_again_at = services.clock.now() + REST_ONLY_MS;
      return begun;
    }
  };
}
