/** A Genie space: managed MCP first, the Conversation REST API as fallback and by choice (contracts section 3). */
import { z } from "zod";
import type { BackendConfigOf } from "../config/schema.ts";
import type { AnswerDraft } from "./answer-draft.ts";
import type { Json } from "./backend.ts";
import { createBackend, type Asking, type ManagedBackend } from "./create-backend.ts";
import { createExpiringCache } from "./expiring-cache.ts";
import { BackendError } from "./errors.ts";
import type { Hints } from "./fault.ts";
import { genieDraft } from "./genie/genie-draft.ts";
import { genieFault } from "./genie/genie-fault.ts";
import { isTerminal, statusSentence, type GenieMessage, type GenieResult } from "./genie/genie-message.ts";
import { createGenieMcpTransport } from "./genie/mcp-transport.ts";
import { pollWaitMs } from "./genie/poll-waits.ts";
import { createGenieRestTransport } from "./genie/rest-transport.ts";
import { startQuestion, type BegunQuestion } from "./genie/start-question.ts";
import type { GenieTransport } from "./genie/transport.ts";
import { createMcpSessions } from "./mcp/sessions.ts";
import type { Services } from "./services.ts";

const HINTS: Hints = {
  forbidden: "grant this identity CAN RUN on the Genie space and SELECT on its tables",
  not_found: "check that `target` is the id of a Genie space that is shared with this identity",
  unauthorized: "check the workspace's credentials, and that a user's token has the Genie scope",
};

const MAX_CACHED = 500;

/** Ids of a message under way. The subject is checked before another process picks it up. */
const Handle = z.object({
  transport: z.enum(["mcp", "rest"]),
  subject: z.string(),
  conversation_id: z.string(),
  message_id: z.string(),
});

export function createGenieBackend(config: BackendConfigOf<"genie">, services: Services): ManagedBackend {
  const channel = services.channel(config.name, config.policy);
  const sessions = createMcpSessions({
    url: `${services.host}/api/2.0/mcp/genie/${encodeURIComponent(config.target)}`,
    channel,
    clock: services.clock,
    send_token: true,
    headers: {},
  });
  const mcp = createGenieMcpTransport(config, sessions);
  const rest = createGenieRestTransport(config, services, channel);
  const cache = createExpiringCache<AnswerDraft>(
    { ttl_ms: config.cache_ttl_ms, max_entries: MAX_CACHED },
    services.clock,
  );
  const start = startQuestion(config, services, { mcp, rest });

  async function begin(asking: Asking): Promise<BegunQuestion> {
    const resumed = await pickUp(asking);
    if (resumed !== null) return resumed;
    const begun = await start(asking);
    const { conversation_id, message_id } = begun.message;
    const subject = asking.call.caller.subject;
    await asking.call.onPending({ transport: begun.transport.name, subject, conversation_id, message_id });
    return begun;
  }

  /** Null when there is nothing to pick up, or it is another's, or it is gone. */
  async function pickUp({ request, call, scope }: Asking): Promise<BegunQuestion | null> {
    const handle = Handle.safeParse(request.resume);
    if (!handle.success || handle.data.subject !== call.caller.subject) return null;
    const { conversation_id, message_id } = handle.data;
    const transport = handle.data.transport === "mcp" ? mcp : rest;
    try {
      return { transport, message: await transport.poll(scope, conversation_id, message_id) };
    } catch (error) {
      if (error instanceof BackendError && (error.code === "not_found" || error.code === "forbidden"))
        return null;
      throw error;
    }
  }

  /** Polls until the message has ended; the scope's deadline ends the waiting otherwise. */
  async function follow(
    asking: Asking,
    transport: GenieTransport,
    first: GenieMessage,
  ): Promise<GenieMessage> {
    let message = first;
    let told = "";
    for (let look = 0; ; look += 1) {
      if (message.status !== told) {
        told = message.status;
        asking.call.onProgress({ status: told, message: statusSentence(told) });
      }
      if (isTerminal(message.status)) return message;
      await services.clock.sleep(pollWaitMs(look, services.random), asking.scope.signal);
      message = await transport.poll(asking.scope, first.conversation_id, first.message_id);
    }
  }

  async function rowsOf(asking: Asking, message: GenieMessage): Promise<GenieResult | null> {
    if (message.query === null) return null;
    if (message.query.result !== null) return message.query.result;
    const there = message.status === "QUERY_RESULT_EXPIRED" ? null : await rest.fetch(asking.scope, message);
    if (there !== null) return there;
    asking.call.onProgress({
      status: "QUERY_RESULT_EXPIRED",
      message: "Genie runs the expired query again.",
    });
    return await rest.rerun(asking.scope, message);
  }

  async function ask(asking: Asking): Promise<AnswerDraft> {
    const { question, conversation_id } = asking.request;
    // Unwrapped and alone: Genie takes a question, not a conversation or instructions.
    const payload: Json = { content: question, ...(conversation_id !== undefined && { conversation_id }) };
    const { transport, message: first } = await begin(asking);
    const message = await follow(asking, transport, first);
    if (message.status === "FAILED" || message.status === "CANCELLED") throw genieFault(config.name, message);
    return genieDraft(config, services.host, message, await rowsOf(asking, message), payload);
  }

  return createBackend(config, services, {
    hints: HINTS,
    channel,
    async ask(asking) {
      if (config.cache_ttl_ms === 0) return await ask(asking);
      const key = cacheKey(asking);
      const known = cache.get(key);
      if (known !== undefined) return { ...known, cached: true };
      const draft = await ask(asking);
      if (draft.clarification === undefined) cache.set(key, draft);
      return draft;
    },
    async check(scope) {
      const url = `${services.host}/api/2.0/genie/spaces/${encodeURIComponent(config.target)}`;
      await channel.call(scope, { operation: "genie.get", method: "GET", url }, (reply) => reply.json());
    },
    close: () => sessions.close(),
  });
}

/** The identity and the person are part of the key: no answer crosses from one user to another. */
function cacheKey({ scope, call, request }: Asking): string {
  return JSON.stringify([
    scope.identity?.key,
    call.caller.subject,
    request.conversation_id ?? null,
    request.question.trim(),
  ]);
}
