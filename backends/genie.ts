/** A Genie space: managed MCP first, the Conversation REST API as fallback and by choice (contracts section 3). */
import type { BackendConfigOf } from "../config/schema.ts";
import type { AnswerDraft } from "./answer-draft.ts";
import type { Json } from "./backend.ts";
import { createBackend, type Asking, type ManagedBackend } from "./create-backend.ts";
import type { Hints } from "./fault.ts";
import { cachedAnswers } from "./genie/cached-answers.ts";
import { genieDraft } from "./genie/genie-draft.ts";
import { followMessage, rowsOf } from "./genie/follow-message.ts";
import { genieFault } from "./genie/genie-fault.ts";
import { createGenieMcpTransport } from "./genie/mcp-transport.ts";
import { pendingHandle, pickUp } from "./genie/pick-up.ts";
import { createGenieRestTransport } from "./genie/rest-transport.ts";
import { startQuestion, type BegunQuestion } from "./genie/start-question.ts";
import { createMcpSessions } from "./mcp/sessions.ts";
import type { Services } from "./services.ts";

const HINTS: Hints = {
  forbidden: "grant this identity CAN RUN on the Genie space and SELECT on its tables",
  not_found: "check that `target` is the id of a Genie space that is shared with this identity",
  unauthorized: "check the workspace's credentials, and that a user's token has the Genie scope",
};

const CONVERSATION_LOST =
  "its earlier conversation was no longer there, so the question was asked without it; what it referred to may be missing.";

const ROWS_LOST = "the rows of its query could not be found, so there are only its words.";

export function createGenieBackend(config: BackendConfigOf<"genie">, services: Services): ManagedBackend {
  const channel = services.channel(config.name, config.policy);
  const sessions = createMcpSessions({
    url: `${services.host}/api/2.0/mcp/genie/${encodeURIComponent(config.target)}`,
    channel,
    clock: services.clock,
    send_token: true,
    headers: {},
    writes: false,
  });
  const mcp = createGenieMcpTransport(config, sessions);
  const rest = createGenieRestTransport(config, services, channel);
  const start = startQuestion(config, services, { mcp, rest });

  async function begin(asking: Asking): Promise<BegunQuestion> {
    const resumed = await pickUp(asking, { mcp, rest });
    if (resumed !== null) return resumed;
    const begun = await start(asking);
    await asking.call.onPending(pendingHandle(begun, asking.call.caller.subject));
    return begun;
  }

  async function ask(asking: Asking): Promise<AnswerDraft> {
    const { question, conversation_id } = asking.request;
    // Unwrapped and alone: Genie takes a question, not a conversation or instructions.
    const payload: Json = { content: question, ...(conversation_id !== undefined && { conversation_id }) };
    const begun = await begin(asking);
    const message = await followMessage(asking, begun, services);
    if (message.status === "FAILED" || message.status === "CANCELLED") throw genieFault(config.name, message);
    const rows = await rowsOf(asking, message, rest);
    const draft = genieDraft(config, services.host, message, rows === "lost" ? null : rows, payload);
    const notes = [
      ...(begun.conversation_lost === true ? [CONVERSATION_LOST] : []),
      ...(rows === "lost" ? [ROWS_LOST] : []),
    ];
    return notes.length === 0 ? draft : { ...draft, notes };
  }

  return createBackend(config, services, {
    hints: HINTS,
    channel,
    ask: cachedAnswers(config.cache_ttl_ms, services.clock, ask),
    async check(scope) {
      const url = `${services.host}/api/2.0/genie/spaces/${encodeURIComponent(config.target)}`;
      await channel.call(scope, { operation: "genie.get", method: "GET", url }, (reply) => reply.json());
    },
    close: () => sessions.close(),
  });
}
