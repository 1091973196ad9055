/** `orchestrator router`: calibrate the local tier. */
import { defineCommand } from "citty";
import type { Shell } from "../shell.ts";
import { calibrateCommand } from "./calibrate-command.ts";

export function routerCommand(shell: Shell) {
  return defineCommand({
    meta: { name: "router", description: "Calibrate the local routing tier." },
    subCommands: { calibrate: calibrateCommand(shell) },
  });
}
