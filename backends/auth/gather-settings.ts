/** What is set of the workspace's credentials: in the configuration, else in the environment, else in a profile. */
import { homedir } from "node:os";
import { join } from "node:path";
import type { WorkspaceConfig } from "../../config/schema.ts";
import { readProfile } from "./profile-file.ts";
import { workspaceOrigin } from "./workspace-origin.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface AuthSettings {
  /** The workspace's origin. */
  host: string;
  token?: string;
  client_id?: string;
  client_secret?: string;
  profile?: string;
  auth_type?: WorkspaceConfig["auth_type"];
  env: Environment;
}

/**
 * The environment's and a profile's credentials are used only for the workspace that they name themselves: no
 * token goes to a host it was not meant for. Empty values are no values.
 */
export function gatherSettings(workspace: WorkspaceConfig, env: Environment): AuthSettings {
  const host = workspaceOrigin(workspace.host);
  const own: AuthSettings = {
    host,
    env,
    token: given(workspace.token),
    client_id: given(workspace.client_id),
    client_secret: given(workspace.client_secret),
    profile: given(workspace.profile),
    auth_type: workspace.auth_type,
  };
  const named = own.token ?? own.client_id ?? own.profile;
  const settings = named === undefined && sameHost(env["DATABRICKS_HOST"], host) ? { ...own, ...fromEnvironment(env) } : own; // prettier-ignore
  if (settings.token !== undefined || settings.client_id !== undefined) return settings;
  return { ...settings, ...fromProfile(settings) };
}

function fromEnvironment(env: Environment) {
  return {
    token: given(env["DATABRICKS_TOKEN"]),
    client_id: given(env["DATABRICKS_CLIENT_ID"]),
    client_secret: given(env["DATABRICKS_CLIENT_SECRET"]),
    profile: given(env["DATABRICKS_CONFIG_PROFILE"]),
  };
}

/** A profile without credentials of its own stands for a login of the command line. */
function fromProfile({ host, profile, env }: AuthSettings) {
  const path = given(env["DATABRICKS_CONFIG_FILE"]) ?? join(homedir(), ".databrickscfg");
  const found = readProfile(path, profile ?? "DEFAULT");
  if (found === null || !sameHost(found.host, host)) return {};
  return {
    token: given(found.token),
    client_id: given(found.client_id),
    client_secret: given(found.client_secret),
  };
}

function sameHost(value: string | undefined, host: string): boolean {
  if (value === undefined || value === "") return false;
  try {
    return workspaceOrigin(value) === host;
  } catch {
    return false;
  }
}

function given(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
