/** A knowledge assistant: an agent endpoint whose answers carry citations (contracts section 4). */
import type { BackendConfigOf } from "../config/schema.ts";
import { createBackend, type ManagedBackend } from "./create-backend.ts";
import type { Hints } from "./fault.ts";
import { askAgentEndpoint } from "./serving/ask-agent-endpoint.ts";
import { createEndpointLookup } from "./serving/detect-task.ts";
import type { Services } from "./services.ts";

const HINTS: Hints = {
  forbidden: "grant this identity CAN_QUERY on the knowledge assistant's endpoint",
  not_found: "check that `target` is the name of the assistant's serving endpoint",
  rejected: "check that `target` is a knowledge assistant; chat models are of kind `serving_endpoint`",
};

export function createKnowledgeAssistantBackend(
  config: BackendConfigOf<"knowledge_assistant">,
  services: Services,
): ManagedBackend {
  const channel = services.channel(config.name, config.policy);
  const endpoint = createEndpointLookup(config.name, config.target, config.policy, services);
  return createBackend(config, services, {
    hints: HINTS,
    channel,
    ask: (asking) => askAgentEndpoint(config, services, channel, asking),
    check: (scope) => endpoint.check(scope),
  });
}
