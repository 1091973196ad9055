/** Runs a command as the program would, with what it wrote and its exit code as the result. */
import { runProgram } from "../../cli/run-program.ts";

export interface CommandRun {
  out: string;
  err: string;
  code: number | null;
}

export interface CommandOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
}

export async function runOrchestrator(args: string[], options: CommandOptions = {}): Promise<CommandRun> {
  const run: CommandRun = { out: "", err: "", code: null };
  const shell = {
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    terminal: {
      out: (text: string) => void (run.out += text),
      err: (text: string) => void (run.err += text),
      color: false,
    },
    exit: (code: number) => void (run.code = code),
  };
  await runProgram(shell, args);
  return run;
}
