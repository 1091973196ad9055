/** Runs a command-line tool that prints a token; without a shell, so that no argument is interpreted. */
import { execFile } from "node:child_process";

/** Resolves with standard output; null when the tool is not installed. Rejects when it fails. */
export type RunCommand = (file: string, args: string[], signal: AbortSignal) => Promise<string | null>;

export const runCommand: RunCommand = (file, args, signal) =>
  new Promise((resolve, reject) => {
    execFile(file, args, { signal, maxBuffer: 1_000_000, windowsHide: true }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else if (error.code === "ENOENT") resolve(null);
      else reject(new Error(`${file} ended with ${String(error.code ?? error.signal)}`));
    });
  });
