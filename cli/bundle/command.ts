/** `orchestrator bundle`: what databricks.yml has to say for the configuration that applies. */
import { defineCommand } from "citty";
import { stringify } from "yaml";
import type { Shell } from "../shell.ts";
import { withConfig } from "../with-config.ts";
import type { Configured } from "../with-config.ts";
import { appSettings } from "./app-resources.ts";
import { targetVariables } from "./target-variables.ts";

export function bundleCommand(shell: Shell) {
  return defineCommand({
    meta: { name: "bundle", description: "Print the app's part of databricks.yml for the configuration." },
    run: () =>
      withConfig(shell, { sandbox: false }, async (given) => {
        shell.terminal.err(
          "# Put this below resources.apps.<key> of databricks.yml, beside name and source_code_path.\n",
        );
        shell.terminal.out(bundleText(given));
        for (const { name } of given.config.backends.filter((backend) => backend.kind === "mcp")) {
          shell.terminal.err(
            `# ${name}: grant the app's service principal access to what stands behind the MCP server.\n`,
          );
        }
        return 0;
      }),
  });
}

function bundleText({ config, files, env }: Configured): string {
  const path = files.map((file) => file.path).join(",");
  return stringify(appSettings(config, path, targetVariables(files, env)), { lineWidth: 0 });
}
