#!/usr/bin/env node
/** The program `orchestrator`: runs one command and ends with its exit code. */
import { runProgram } from "./run-program.ts";

const shell = {
  env: process.env,
  cwd: process.cwd(),
  terminal: {
    out: (text: string) => void process.stdout.write(text),
    err: (text: string) => void process.stderr.write(text),
    color: process.stderr.hasColors?.() ?? false,
  },
  exit: (code: number) => {
    process.exitCode = code;
  },
};
await runProgram(shell, process.argv.slice(2));
