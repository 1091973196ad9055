/** Runs a command's work with the configuration that applies; problems are printed and give exit code 1. */
import { ConfigError } from "../config/config-error.ts";
import { formatProblems } from "../config/format-problems.ts";
import { loadConfig } from "../config/load.ts";
import { readConfigFiles } from "../config/read-files.ts";
import type { ConfigFiles } from "../config/read-files.ts";
import type { OrchestratorConfig } from "../config/schema.ts";
import { startSandboxProcess } from "../server/sandbox-process.ts";
import type { Shell } from "./shell.ts";

export interface Configured extends ConfigFiles {
  config: OrchestratorConfig;
}

export interface Needs {
  /** Start the sandbox when the configuration points at it and none runs; else it leads nowhere. */
  sandbox: boolean;
}

const NOWHERE = "http://127.0.0.1:9";

/** `work` returns the exit code. */
export async function withConfig(
  shell: Shell,
  needs: Needs,
  work: (given: Configured) => Promise<number>,
): Promise<void> {
  try {
    const read = readConfigFiles(shell.env, shell.cwd);
    const start = needs.sandbox && read.mode === "sandbox" && read.env.SANDBOX_URL === undefined;
    const sandbox = start ? await startSandboxProcess(read.env) : null;
    try {
      const env = { SANDBOX_URL: sandbox?.url ?? NOWHERE, ...read.env };
      shell.exit(await work({ ...read, env, config: loadConfig(env, read.files) }));
    } finally {
      await sandbox?.close();
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    shell.terminal.err(`${formatProblems(error.problems)}\n`);
    shell.exit(1);
  }
}
