/** `orchestrator quickstart`: from a logged-in Databricks CLI to a first configuration. */
import { defineCommand } from "citty";
import { BackendError } from "../../backends/errors.ts";
import type { Shell } from "../shell.ts";
import { quickstart } from "./quickstart.ts";

export function quickstartCommand(shell: Shell) {
  return defineCommand({
    meta: { name: "quickstart", description: "Write a first configuration for your workspace." },
    args: {
      profile: { type: "string", description: "Profile of the Databricks CLI." },
      force: { type: "boolean", default: false, description: "Overwrite config/workspace.yaml." },
    },
    run: async ({ args: { profile, force } }) => {
      try {
        shell.exit(await quickstart({ profile, force }, shell));
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        shell.terminal.err(`${error.message}\n`);
        shell.exit(1);
      }
    },
  });
}
