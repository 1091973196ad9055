/** Which authentication the workspace's settings mean, in the documented order (contracts section 6). */
import { ConfigError } from "../../config/config-error.ts";
import type { WorkspaceConfig } from "../../config/schema.ts";
import { createAzureClientSecretSource } from "./azure-client-secret-source.ts";
import { createAzureCliSource, createDatabricksCliSource } from "./cli-source.ts";
import { createOauthM2mSource } from "./oauth-m2m-source.ts";
import { createPatSource } from "./pat-source.ts";
import type { RunCommand } from "./run-command.ts";
import { Secret } from "./secret.ts";
import type { TokenRequests } from "./token-request.ts";
import type { AuthType, TokenSource } from "./token-source.ts";
import { workspaceOrigin } from "./workspace-origin.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

interface Settings {
  host: string;
  token?: string;
  client_id?: string;
  client_secret?: string;
  profile?: string;
  auth_type?: WorkspaceConfig["auth_type"];
  env: Environment;
}

/** Throws `ConfigError` when two methods are configured at once, or the one that is asked for lacks its settings. */
export function chooseSource(
  workspace: WorkspaceConfig,
  env: Environment,
  requests: TokenRequests,
  run: RunCommand,
): TokenSource {
  const settings = gather(workspace, env);
  refuseConflict(settings);
  for (const build of order(settings.auth_type)) {
    const source = build(settings, requests, run);
    if (source !== null) return source;
  }
  throw wrong(settings.auth_type ?? "nothing", `the settings that \`${settings.auth_type}\` needs`);
}

/**
 * What the configuration says of credentials counts alone. The environment's own are used only where it says
 * nothing, and only for the workspace they belong to: no token goes to a host it was not meant for.
 */
function gather(workspace: WorkspaceConfig, env: Environment): Settings {
  const host = workspaceOrigin(workspace.host);
  const home = given(env["DATABRICKS_HOST"]);
  const own: Settings = {
    host,
    env,
    token: given(workspace.token),
    client_id: given(workspace.client_id),
    client_secret: given(workspace.client_secret),
    profile: given(workspace.profile),
    auth_type: workspace.auth_type,
  };
  const named = own.token ?? own.client_id ?? own.profile;
  if (named !== undefined || home === undefined || workspaceOrigin(home) !== host) return own;
  return {
    ...own,
    token: given(env["DATABRICKS_TOKEN"]),
    client_id: given(env["DATABRICKS_CLIENT_ID"]),
    client_secret: given(env["DATABRICKS_CLIENT_SECRET"]),
    profile: given(env["DATABRICKS_CONFIG_PROFILE"]),
  };
}

function refuseConflict(settings: Settings): void {
  if (settings.auth_type !== undefined) return;
  if (settings.token !== undefined && settings.client_id !== undefined) {
    throw wrong("`token` and `client_id` together", "one method, or `auth_type` to choose one");
  }
}

type Build = (settings: Settings, requests: TokenRequests, run: RunCommand) => TokenSource | null;

const pat: Build = ({ token }) => (token === undefined ? null : createPatSource(token));

const oauthM2m: Build = ({ host, client_id, client_secret }, requests) =>
  client_id === undefined || client_secret === undefined
    ? null
    : createOauthM2mSource(host, client_id, new Secret(client_secret), requests);

const azureClientSecret: Build = ({ env }, requests) => {
  const [tenant, id, secret] = [env["ARM_TENANT_ID"], env["ARM_CLIENT_ID"], env["ARM_CLIENT_SECRET"]];
  if (!tenant || !id || !secret) return null;
  return createAzureClientSecretSource(tenant, id, new Secret(secret), requests);
};

const databricksCli: Build = ({ host, profile, env }, _requests, run) =>
  createDatabricksCliSource({ file: env["DATABRICKS_CLI_PATH"] ?? "databricks", host, profile }, run);

const azureCli: Build = (_settings, _requests, run) => createAzureCliSource(run);

const BY_TYPE: Record<AuthType, Build> = {
  pat,
  "oauth-m2m": oauthM2m,
  "databricks-cli": databricksCli,
  "azure-client-secret": azureClientSecret,
  "azure-cli": azureCli,
};

/** Without a forced type: the first that is configured; the Databricks command line is the last resort. */
function order(auth_type: WorkspaceConfig["auth_type"]): Build[] {
  if (auth_type === "google")
    throw wrong("google", "`oauth-m2m` or `databricks-cli`, which work on every cloud");
  return auth_type === undefined ? [pat, oauthM2m, azureClientSecret, databricksCli] : [BY_TYPE[auth_type]];
}

function given(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

function wrong(found: string, expected: string): ConfigError {
  const fix =
    "set exactly one of `workspace.token`, `workspace.client_id` with `client_secret`, or `workspace.profile`";
  return new ConfigError([{ file: "configuration", line: null, path: "workspace", found, expected, fix }]);
}
