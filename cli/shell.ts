/** What a command gets from the program: environment, folder, terminal and the way to set the exit code. */
import type { Env } from "../config/loading/expand-env.ts";
import type { Terminal } from "./terminal.ts";

export interface Shell {
  env: Env;
  cwd: string;
  terminal: Terminal;
  exit(code: number): void;
}
