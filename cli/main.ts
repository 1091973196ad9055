#!/usr/bin/env node
/** The program `orchestrator`: runs one command and ends with its exit code. */
import { runMain } from "citty";
import { commands } from "./commands.ts";

await runMain(
  commands({
    env: process.env,
    cwd: process.cwd(),
    terminal: {
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
      color: process.stderr.hasColors?.() ?? false,
    },
    exit: (code) => {
      process.exitCode = code;
    },
  }),
);
