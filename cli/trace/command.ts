/** `orchestrator trace`: why a question went where it went, what each backend was asked, how long and how much. */
import { defineCommand } from "citty";
import type { Shell } from "../shell.ts";
import { withConfig } from "../with-config.ts";
import { showTrace } from "./show-trace.ts";

export function traceCommand(shell: Shell) {
  return defineCommand({
    meta: { name: "trace", description: "Show a trace from the local store as a waterfall." },
    args: {
      id: {
        type: "positional",
        required: false,
        description: "Trace or response id; without it the newest trace.",
      },
      list: { type: "boolean", default: false, description: "List the newest traces." },
      json: { type: "boolean", default: false, description: "Print the spans as JSON." },
    },
    run: ({ args: { id, list, json } }) =>
      withConfig(shell, { sandbox: false }, ({ config, env }) =>
        showTrace({ config, env, id, list, json }, shell.terminal),
      ),
  });
}
