/** `orchestrator router`: calibrate the local tier, and measure it on public data. */
import { defineCommand } from "citty";
import type { Shell } from "../shell.ts";
import { benchCommand } from "./bench-command.ts";
import { calibrateCommand } from "./calibrate-command.ts";

export function routerCommand(shell: Shell) {
  return defineCommand({
    meta: { name: "router", description: "Calibrate the local routing tier, or measure it on public data." },
    subCommands: { calibrate: calibrateCommand(shell), bench: benchCommand(shell) },
  });
}
