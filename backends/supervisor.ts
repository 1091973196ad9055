/** An existing Databricks supervisor as one backend, in the background by default (contracts section 10). */
import type { BackendConfigOf } from "../config/schema.ts";
import { agentInput } from "./agent-input.ts";
import type { BackendRequest, Json } from "./backend.ts";
import { createBackend, type ManagedBackend } from "./create-backend.ts";
import type { Hints } from "./fault.ts";
import { agentDraft } from "./responses/agent-draft.ts";
import { readResponses } from "./responses/read-responses.ts";
import type { Services } from "./services.ts";
import { responseDraft } from "./supervisor/response-draft.ts";
import { runInBackground } from "./supervisor/run-in-background.ts";

const HINTS: Hints = {
  not_found:
    "check that AI Gateway is enabled in the workspace and that `target` is a model that may supervise",
  forbidden: "grant this identity the permissions on the supervisor's tools",
  rejected: "check `target` and `tools` of the supervisor",
};

export function createSupervisorBackend(
  config: BackendConfigOf<"supervisor">,
  services: Services,
): ManagedBackend {
  const channel = services.channel(config.name, config.policy);
  const url = `${services.host}/ai-gateway/mlflow/v1/responses`;
  return createBackend(config, services, {
    hints: HINTS,
    channel,
    async ask(asking) {
      const payload = payloadOf(config, asking.request);
      const onText = (delta: string) => asking.call.onText(delta);
      const create = {
        operation: "responses.create",
        method: "POST" as const,
        url,
        headers: { accept: "text/event-stream, application/json" },
        body: JSON.stringify(payload),
        repeatable: !config.writes,
      };
      if (config.background) {
        const response = await runInBackground(channel, services, asking, create);
        return responseDraft(config.name, services.host, response, payload, onText);
      }
      const read = await channel.call(asking.scope, create, (reply) =>
        readResponses(config.name, reply, onText),
      );
      return agentDraft(read, payload, services.host);
    },
    async check(scope) {
      // There is no route that only tells its health; an unknown id shows that the gateway answers.
      const probe = { operation: "responses.probe", method: "GET" as const, url: `${url}/resp_readiness` };
      await channel.call(scope, { ...probe, accept_statuses: [400, 404] }, async (reply) => reply.discard());
    },
  });
}

function payloadOf(config: BackendConfigOf<"supervisor">, request: BackendRequest): Json {
  return {
    model: config.target,
    ...(config.instructions !== undefined && { instructions: config.instructions }),
    input: agentInput(request, config.accepts_context),
    tools: config.tools as Json[],
    // Both at once are invalid.
    ...(config.background ? { background: true, stream: false } : { stream: true }),
  };
}
