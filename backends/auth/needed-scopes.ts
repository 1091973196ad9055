/** The scopes that a user's token needs for a kind of backend: any one of them will do (contracts sections 3c and 6). */
import type { BackendConfig } from "../../config/schema.ts";

const SERVING = ["model-serving", "serving.serving-endpoints"];

/** Managed MCP servers by the part of the path behind `/api/2.0/mcp/`. */
const MANAGED: Record<string, string[]> = {
  genie: ["genie", "dashboards.genie"],
  sql: ["sql"],
  functions: ["unity-catalog", "mcp.functions"],
  "vector-search": ["vector-search", "ai-search"],
  "ai-search": ["ai-search", "vector-search"],
  external: ["catalog.connections"],
};

/** Empty where the needed scope is not known, as for apps and servers outside the workspace. */
export function neededScopes(config: BackendConfig): readonly string[] {
  switch (config.kind) {
    case "genie":
      return ["genie", "dashboards.genie"];
    case "knowledge_assistant":
    case "serving_endpoint":
      return SERVING;
    case "sql":
      return ["sql"];
    case "supervisor":
      return ["ai-gateway"];
    case "mcp":
      return MANAGED[/^\/api\/2\.0\/mcp\/([a-z-]+)/.exec(config.target)?.[1] ?? ""] ?? [];
    default:
      return [];
  }
}
