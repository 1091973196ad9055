/** `orchestrator discover`: what the workspace, or the sandbox, has, as a ready `backends:` block. */
import { defineCommand } from "citty";
import { BackendError } from "../../backends/errors.ts";
import type { Env } from "../../config/loading/expand-env.ts";
import { readEnvironment } from "../../config/read-files.ts";
import { startSandboxProcess } from "../../server/sandbox-process.ts";
import type { Shell } from "../shell.ts";
import type { Terminal } from "../terminal.ts";
import { discover } from "./discover.ts";
import { noWorkspace, openWorkspace } from "./open-workspace.ts";

export function discoverCommand(shell: Shell) {
  return defineCommand({
    meta: { name: "discover", description: "List apps, Genie spaces and endpoints as a `backends:` block." },
    run: async () => shell.exit(await run(shell)),
  });
}

async function run({ env, cwd, terminal }: Shell): Promise<number> {
  const given = readEnvironment(env, cwd);
  if (given.DATABRICKS_HOST !== undefined) return list(given, terminal);
  terminal.err(`# ${noWorkspace(given)}\n`);
  if (given.DATABRICKS_CONFIG_PROFILE !== undefined) return 1;
  const sandbox = given.SANDBOX_URL === undefined ? await startSandboxProcess(given) : null;
  try {
    terminal.err("# Until then, this is what the sandbox has; config/sandbox.yaml describes it already.\n");
    return await list({ ...given, ...SANDBOX, DATABRICKS_HOST: sandbox?.url ?? given.SANDBOX_URL }, terminal);
  } finally {
    await sandbox?.close();
  }
}

/** As in config/sandbox.yaml. */
const SANDBOX = { DATABRICKS_CLIENT_ID: "sandbox", DATABRICKS_CLIENT_SECRET: "sandbox-secret" };

/** Returns the exit code. */
async function list(env: Env, terminal: Terminal): Promise<number> {
  const workspace = openWorkspace(env);
  if (workspace === null) return 1;
  try {
    const { yaml, notes, backends } = await discover(workspace, AbortSignal.timeout(120_000));
    terminal.out(yaml);
    for (const note of notes) terminal.err(`# ${note}\n`);
    return backends.length > 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    terminal.err(`${error.message}\n`);
    return 1;
  } finally {
    await workspace.close();
  }
}
