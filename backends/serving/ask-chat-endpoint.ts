/** Asks an endpoint that takes `messages`: a chat model or a ChatAgent (contracts sections 4 and 5). */
import type { BackendConfigOf } from "../../config/schema.ts";
import { userMessages } from "../agent-input.ts";
import type { AnswerDraft } from "../answer-draft.ts";
import type { Json } from "../backend.ts";
import type { Asking } from "../create-backend.ts";
import type { Channel } from "../http/channel.ts";
import { agentDraft } from "../responses/agent-draft.ts";
import { readResponses } from "../responses/read-responses.ts";
import type { Services } from "../services.ts";

/** `context` is never sent to chat models; a ChatAgent takes it. */
export async function askChatEndpoint(
  config: BackendConfigOf<"serving_endpoint">,
  services: Services,
  channel: Channel,
  asking: Asking,
  dialect: "chat" | "chat_agent",
): Promise<AnswerDraft> {
  const { conversation_id } = asking.request;
  const messages = userMessages(asking.request, config.accepts_context);
  const payload: Json = {
    messages: messages.map((content) => ({ role: "user", content })),
    stream: true,
    ...(dialect === "chat" &&
      config.max_output_tokens !== undefined && { max_tokens: config.max_output_tokens }),
    ...(dialect === "chat_agent" && conversation_id !== undefined && { context: { conversation_id } }),
  };
  const collected = await channel.call(
    asking.scope,
    {
      operation: dialect,
      method: "POST",
      url: `${services.host}/serving-endpoints/${encodeURIComponent(config.target)}/invocations`,
      headers: { accept: "text/event-stream, application/json" },
      body: JSON.stringify(payload),
      repeatable: !config.writes,
    },
    (reply) => readResponses(config.name, reply, (delta) => asking.call.onText(delta)),
  );
  return { ...agentDraft(collected, payload, services.host), conversation_id };
}
