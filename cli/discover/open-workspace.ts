/** The workspace that the environment names, before any configuration is written. */
import { createBackends } from "../../backends/registry.ts";
import type { Backends } from "../../backends/registry.ts";
import type { Env } from "../../config/loading/expand-env.ts";
import { OrchestratorConfig, WorkspaceConfig } from "../../config/schema.ts";

/** Null when no workspace is named. Throws `ConfigError` for credentials that contradict each other. */
export function openWorkspace(env: Env): Backends | null {
  if (env.DATABRICKS_HOST === undefined) return null;
  const workspace = WorkspaceConfig.parse({
    host: env.DATABRICKS_HOST,
    token: env.DATABRICKS_TOKEN,
    client_id: env.DATABRICKS_CLIENT_ID,
    client_secret: env.DATABRICKS_CLIENT_SECRET,
    profile: env.DATABRICKS_CONFIG_PROFILE,
    auth_type: env.DATABRICKS_AUTH_TYPE,
  });
  const rest = OrchestratorConfig.omit({ workspace: true, backends: true }).parse({});
  return createBackends({ ...rest, workspace, backends: [] }, { env });
}

const LOG_IN =
  "Log in with `databricks auth login --host https://... --profile dev` and set DATABRICKS_CONFIG_PROFILE=dev in " +
  ".env, or set DATABRICKS_HOST with a token or an OAuth client.";

/** Why there is no workspace, and what to do. */
export function noWorkspace({ DATABRICKS_CONFIG_PROFILE: profile }: Env): string {
  return profile === undefined
    ? `No workspace is named. ${LOG_IN}`
    : `The profile "${profile}" names no workspace: it is not in the CLI's configuration file, or has no host. ${LOG_IN}`;
}
