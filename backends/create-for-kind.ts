/** From a backend's configuration to the backend: one line per kind. */
import type { BackendConfig } from "../config/schema.ts";
import { createAppBackend } from "./app.ts";
import type { ManagedBackend } from "./create-backend.ts";
import { createGenieBackend } from "./genie.ts";
import { createKnowledgeAssistantBackend } from "./knowledge-assistant.ts";
import { createMcpBackend } from "./mcp.ts";
import type { Services } from "./services.ts";
import { createServingEndpointBackend } from "./serving-endpoint.ts";
import { createSqlBackend } from "./sql.ts";
import { createSupervisorBackend } from "./supervisor.ts";

export function createForKind(config: BackendConfig, services: Services): ManagedBackend {
  switch (config.kind) {
    case "app":
      return createAppBackend(config, services);
    case "genie":
      return createGenieBackend(config, services);
    case "knowledge_assistant":
      return createKnowledgeAssistantBackend(config, services);
    case "serving_endpoint":
      return createServingEndpointBackend(config, services);
    case "mcp":
      return createMcpBackend(config, services);
    case "sql":
      return createSqlBackend(config, services);
    default:
      return createSupervisorBackend(config, services);
  }
}
