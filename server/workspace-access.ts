/** The workspace as exporters see it: its origin, and fresh headers of the app's own identity for each call. */
import type { Backends } from "../backends/registry.ts";
import type { OrchestratorConfig } from "../config/schema.ts";
import type { Workspace } from "../tracing/mlflow-destination.ts";

const TOKEN_MS = 10_000;

export function workspaceAccess(
  { workspace }: Pick<OrchestratorConfig, "workspace">,
  { services, credentials }: Backends,
): Workspace | null {
  if (workspace.host === "") return null;
  return {
    host: services.host,
    headers: async () => {
      const token = await credentials.app.token(AbortSignal.timeout(TOKEN_MS));
      return { authorization: `Bearer ${token.reveal()}` };
    },
  };
}
