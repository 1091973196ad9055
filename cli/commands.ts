/** The command line: `orchestrator <command>`. */
import { defineCommand } from "citty";
import { askCommand } from "./ask/command.ts";
import { bundleCommand } from "./bundle/command.ts";
import { discoverCommand } from "./discover/command.ts";
import { doctorCommand } from "./doctor/command.ts";
import { planCommand } from "./plan-command.ts";
import { quickstartCommand } from "./quickstart/command.ts";
import { routerCommand } from "./router/command.ts";
import type { Shell } from "./shell.ts";
import { traceCommand } from "./trace/command.ts";

export function commands(shell: Shell) {
  return defineCommand({
    meta: { name: "orchestrator", description: "Ask, check and set up the multi-agent orchestrator." },
    subCommands: {
      ask: askCommand(shell),
      plan: planCommand(shell),
      trace: traceCommand(shell),
      doctor: doctorCommand(shell),
      discover: discoverCommand(shell),
      quickstart: quickstartCommand(shell),
      bundle: bundleCommand(shell),
      router: routerCommand(shell),
    },
  });
}
