/** `orchestrator router bench`: the local classifier on public data, read from where the user put it. */
import path from "node:path";
import { defineCommand } from "citty";
import { readBanking } from "../../evals/router-bench/banking.ts";
import { readClinc } from "../../evals/router-bench/clinc.ts";
import { measure, type Method } from "../../evals/router-bench/measure.ts";
import { TABLE_HEAD, tableRow } from "../../evals/router-bench/table.ts";
import type { Shell } from "../shell.ts";

const METHODS: readonly Method[] = ["blend", "softmax", "one_vs_rest"];

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
      const suites = [
        ...(args.clinc === undefined ? [] : readClinc(at(args.clinc))),
        ...(args.banking === undefined ? [] : [readBanking(at(args.banking))]),
      ];
      shell.terminal.out(`${TABLE_HEAD}\n`);
      for (const suite of suites)
        for (const method of METHODS)
          shell.terminal.out(`${tableRow(measure(suite, method, () => performance.now()))}\n`);
      shell.exit(0);
    },
  });
}
