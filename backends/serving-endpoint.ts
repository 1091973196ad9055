/** Any endpoint of Model Serving: agent, ChatAgent, chat model or custom model, told apart by its task. */
import type { BackendConfigOf } from "../config/schema.ts";
import { createBackend, type ManagedBackend } from "./create-backend.ts";
import type { Hints } from "./fault.ts";
import { askAgentEndpoint } from "./serving/ask-agent-endpoint.ts";
import { askChatEndpoint } from "./serving/ask-chat-endpoint.ts";
import { askCustomModel, type InputForm } from "./serving/ask-custom-model.ts";
import { createEndpointLookup, dialectOf } from "./serving/detect-task.ts";
import type { Services } from "./services.ts";

const HINTS: Hints = {
  forbidden: "grant this identity CAN_QUERY on the serving endpoint",
  not_found: "check that `target` is the name of a serving endpoint of this workspace",
  rejected: "check the endpoint's `task` and `input_column`, or rephrase the question",
  stopped: "start the endpoint in the workspace",
};

export function createServingEndpointBackend(
  config: BackendConfigOf<"serving_endpoint">,
  services: Services,
): ManagedBackend {
  const channel = services.channel(config.name, config.policy);
  const endpoint = createEndpointLookup(config.name, config.target, config.policy, services);
  const form: { current: InputForm } = { current: "dataframe_records" };
  return createBackend(config, services, {
    hints: HINTS,
    channel,
    async ask(asking) {
      const dialect =
        config.task === undefined
          ? await endpoint.dialect(asking.scope)
          : dialectOf(config.task, config.name);
      switch (dialect) {
        case "responses":
          return await askAgentEndpoint(config, services, channel, asking);
        case "chat":
        case "chat_agent":
          return await askChatEndpoint(config, services, channel, asking, dialect);
        default:
          return await askCustomModel(config, services, channel, asking, form);
      }
    },
    check: (scope) => endpoint.check(scope),
  });
}
