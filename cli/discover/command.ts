/** `orchestrator discover`: what the workspace has, as a ready `backends:` block. */
import { defineCommand } from "citty";
import { BackendError } from "../../backends/errors.ts";
import { readEnvironment } from "../../config/read-files.ts";
import type { Shell } from "../shell.ts";
import { discover } from "./discover.ts";
import { NO_WORKSPACE, openWorkspace } from "./open-workspace.ts";

export function discoverCommand(shell: Shell) {
  return defineCommand({
    meta: { name: "discover", description: "List apps, Genie spaces and endpoints as a `backends:` block." },
    run: async () => shell.exit(await run(shell)),
  });
}

async function run({ env, cwd, terminal }: Shell): Promise<number> {
  const workspace = openWorkspace(readEnvironment(env, cwd));
  if (workspace === null) {
    terminal.err(`${NO_WORKSPACE}\n`);
    return 1;
  }
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
