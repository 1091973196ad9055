/** Runs one command of `orchestrator`, or says what is wrong with how it was called; sets the exit code. */
import { stripVTControlCharacters } from "node:util";
import { renderUsage, runCommand, type CommandDef } from "citty";
import { argumentProblems } from "./argument-problems.ts";
import { commands } from "./commands.ts";
import type { Shell } from "./shell.ts";

export async function runProgram(shell: Shell, args: readonly string[]): Promise<void> {
  const root = commands(shell) as CommandDef;
  const { path, rest } = find(root, args);
  const command = path.at(-1) ?? root;
  const { terminal } = shell;
  const usage = async () => {
    const text = await renderUsage(command, path.at(-2));
    return `${terminal.color ? text : stripVTControlCharacters(text)}\n`;
  };
  if (rest.some((arg) => arg === "--help" || arg === "-h")) return terminal.out(await usage());
  const problems = argumentProblems(command, rest);
  if (problems.length > 0) {
    terminal.err(`${await usage()}\n${problems.join("\n")}\n`);
    return shell.exit(1);
  }
  try {
    await runCommand(command, { rawArgs: [...rest] });
  } catch (error) {
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
    shell.exit(1);
  }
}

/** The command that the first words lead to, below the commands that hold it, and the words behind. */
function find(root: CommandDef, args: readonly string[]): { path: CommandDef[]; rest: readonly string[] } {
  const path = [root];
  let rest = args;
  for (;;) {
    const below = (path.at(-1)?.subCommands ?? {}) as Record<string, CommandDef>;
    const next = below[rest[0] ?? ""];
    if (next === undefined) return { path, rest };
    path.push(next);
    rest = rest.slice(1);
  }
}
