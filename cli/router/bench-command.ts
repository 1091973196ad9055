/** `orchestrator router bench`: the local classifier on public data, read from where the user put it. */
import path from "node:path";
import { defineCommand } from "citty";
import { benchSuites, suitesIn } from "../../evals/router-bench/bench-router.ts";
import type { Shell } from "../shell.ts";

export function benchCommand(shell: Shell) {
  return defineCommand({
    meta: { name: "bench", description: "Measure the local classifier on CLINC150 and BANKING77." },
    args: {
      clinc: { type: "string", description: "Copy of github.com/clinc/oos-eval, or its data folder." },
      banking: {
        type: "string",
        description: "Copy of github.com/PolyAI-LDN/task-specific-datasets, or its banking_data folder.",
      },
    },
    run: ({ args }) => {
      if (args.clinc === undefined && args.banking === undefined) {
        shell.terminal.err("Name at least one folder: --clinc or --banking.\n");
        return shell.exit(1);
      }
      const at = (folder: string) => path.resolve(shell.cwd, folder);
      const suites = suitesIn({
        ...(args.clinc === undefined ? {} : { clinc: at(args.clinc) }),
        ...(args.banking === undefined ? {} : { banking: at(args.banking) }),
      });
      benchSuites(suites, (line) => shell.terminal.out(`${line}\n`));
      shell.exit(0);
    },
  });
}
