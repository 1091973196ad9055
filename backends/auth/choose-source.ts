/** Which authentication the workspace's settings mean, in the documented order (contracts section 6). */
import { ConfigError } from "../../config/config-error.ts";
import type { WorkspaceConfig } from "../../config/schema.ts";
import { createAzureClientSecretSource } from "./azure-client-secret-source.ts";
import { createAzureCliSource, createDatabricksCliSource } from "./cli-source.ts";
import { createFirstSource } from "./first-source.ts";
import { gatherSettings, type AuthSettings, type Environment } from "./gather-settings.ts";
import { createGoogleSource } from "./google-source.ts";
import { createOauthM2mSource } from "./oauth-m2m-source.ts";
import { createPatSource } from "./pat-source.ts";
import type { RunCommand } from "./run-command.ts";
import { Secret } from "./secret.ts";
import type { TokenRequests } from "./token-request.ts";
import type { AuthType, TokenSource } from "./token-source.ts";

/** Throws `ConfigError` when two methods are configured at once, or the one that is asked for lacks its settings. */
export function chooseSource(
  workspace: WorkspaceConfig,
  env: Environment,
  requests: TokenRequests,
  run: RunCommand,
): TokenSource {
  const settings = gatherSettings(workspace, env);
  refuseConflict(settings);
  if (settings.auth_type !== undefined) {
    const source = BY_TYPE[settings.auth_type](settings, requests, run);
    if (source === null) throw wrong(settings.auth_type, `the settings that \`${settings.auth_type}\` needs`);
    return source;
  }
  // What is written down counts; logins of command-line tools show only when they are asked.
  const written = pat(settings, requests, run) ?? oauthM2m(settings, requests, run);
  if (written !== null) return written;
  const entra = azureClientSecret(settings, requests, run);
  const azure = entra ?? createAzureCliSource(run);
  const last = google(settings, requests, run);
  return createFirstSource([
    createDatabricksCliSource(cliOf(settings), run),
    azure,
    ...(last === null ? [] : [last]),
  ]);
}

function refuseConflict(settings: AuthSettings): void {
  if (settings.auth_type !== undefined) return;
  if (settings.token !== undefined && settings.client_id !== undefined) {
    throw wrong("`token` and `client_id` together", "one method, or `auth_type` to choose one");
  }
}

type Build = (settings: AuthSettings, requests: TokenRequests, run: RunCommand) => TokenSource | null;

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

const google: Build = ({ host, env }, requests) => {
  const credentials = env["GOOGLE_CREDENTIALS"] ?? "";
  return credentials === "" ? null : createGoogleSource(credentials, host, requests);
};

const BY_TYPE: Record<AuthType, Build> = {
  pat,
  "oauth-m2m": oauthM2m,
  "databricks-cli": (settings, _requests, run) => createDatabricksCliSource(cliOf(settings), run),
  "azure-client-secret": azureClientSecret,
  "azure-cli": (_settings, _requests, run) => createAzureCliSource(run),
  google,
};

function cliOf({ host, profile, env }: AuthSettings) {
  return { file: env["DATABRICKS_CLI_PATH"] ?? "databricks", host, profile };
}

function wrong(found: string, expected: string): ConfigError {
  const fix =
    "set exactly one of `workspace.token`, `workspace.client_id` with `client_secret`, or `workspace.profile`";
  return new ConfigError([{ file: "configuration", line: null, path: "workspace", found, expected, fix }]);
}
