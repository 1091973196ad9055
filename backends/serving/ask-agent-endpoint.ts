/** Asks an endpoint in Responses form, streamed (contracts sections 1 and 4). */
import { randomUUID } from "node:crypto";
import type { BackendConfigOf } from "../../config/schema.ts";
import { agentInput } from "../agent-input.ts";
import type { AnswerDraft } from "../answer-draft.ts";
import type { Json } from "../backend.ts";
import type { Asking } from "../create-backend.ts";
import type { Channel } from "../http/channel.ts";
import { agentDraft } from "../responses/agent-draft.ts";
import { readResponses } from "../responses/read-responses.ts";
import type { Services } from "../services.ts";

export async function askAgentEndpoint(
  config: BackendConfigOf<"knowledge_assistant"> | BackendConfigOf<"serving_endpoint">,
  services: Services,
  channel: Channel,
  asking: Asking,
): Promise<AnswerDraft> {
  const conversation_id = asking.request.conversation_id ?? randomUUID();
  const payload: Json = {
    model: config.target,
    stream: true,
    input: agentInput(asking.request, config.accepts_context),
    context: { conversation_id },
    databricks_options: { return_trace: true },
    ...(config.kind === "serving_endpoint" &&
      config.max_output_tokens !== undefined && { max_output_tokens: config.max_output_tokens }),
  };
  const collected = await channel.call(
    asking.scope,
    {
      operation: "responses",
      method: "POST",
      url: `${services.host}/serving-endpoints/responses`,
      headers: { accept: "text/event-stream, application/json" },
      body: JSON.stringify(payload),
      repeatable: !config.writes,
    },
    (reply) => readResponses(config.name, reply, (delta) => asking.call.onText(delta)),
  );
  return { ...agentDraft(collected, payload, services.host), conversation_id };
}
