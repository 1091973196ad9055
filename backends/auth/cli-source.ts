/** Tokens of a person's own login, from the Databricks or the Azure command line (contracts section 6). */
import { z } from "zod";
import { fault } from "../fault.ts";
import { parseJson } from "../json-fields.ts";
import { AZURE_DATABRICKS } from "./azure-client-secret-source.ts";
import type { RunCommand } from "./run-command.ts";
import { Secret } from "./secret.ts";
import type { AuthType, Token, TokenSource } from "./token-source.ts";

const DatabricksToken = z.object({ access_token: z.string().min(1), expiry: z.string() });
const AzureToken = z.object({
  accessToken: z.string().min(1),
  expiresOn: z.string(),
  expires_on: z.number().optional(),
});

export interface DatabricksCli {
  /** Path of the tool; `databricks` when it is on the PATH. */
  file: string;
  host: string;
  profile?: string;
}

export function createDatabricksCliSource(cli: DatabricksCli, run: RunCommand): TokenSource {
  const args = [
    "auth",
    "token",
    ...(cli.profile === undefined ? ["--host", cli.host] : ["--profile", cli.profile]),
  ];
  return createCommandSource(
    "databricks-cli",
    cli.file,
    args,
    "run `databricks auth login`",
    run,
    (output) => {
      const token = DatabricksToken.parse(output);
      return { value: new Secret(token.access_token), expires_at: timeOf(token.expiry) };
    },
  );
}

export function createAzureCliSource(run: RunCommand): TokenSource {
  const args = ["account", "get-access-token", "--resource", AZURE_DATABRICKS, "--output", "json"];
  return createCommandSource("azure-cli", "az", args, "run `az login`", run, (output) => {
    const token = AzureToken.parse(output);
    const expires_at = token.expires_on === undefined ? timeOf(token.expiresOn) : token.expires_on * 1_000;
    return { value: new Secret(token.accessToken), expires_at };
  });
}

function createCommandSource(
  auth_type: AuthType,
  file: string,
  args: string[],
  hint: string,
  run: RunCommand,
  read: (output: unknown) => Token,
): TokenSource {
  return {
    auth_type,
    async fetch(signal) {
      try {
        const output = await run(file, args, signal);
        if (output === null) throw new Error(`${file} is not installed`);
        return read(parseJson(output));
      } catch (cause) {
        throw fault("unauthorized", { backend: "workspace", cause }, `\`${file}\` gave no token, ${hint}`);
      }
    },
  };
}

function timeOf(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Error("the token's expiry is no date");
  return at;
}
