/** `orchestrator router calibrate`: the local tier's threshold from labelled questions, with a guarantee. */
import path from "node:path";
import { defineCommand } from "citty";
import { calibrate, type Calibration } from "../../routing/calibrate.ts";
import { writeCalibration } from "../../routing/calibration-file.ts";
import { fitConfidence, temper } from "../../routing/confidence.ts";
import { localOutcomes } from "../../routing/local-outcomes.ts";
import type { OrchestratorConfig } from "../../config/schema.ts";
import type { Shell } from "../shell.ts";
import { withConfig } from "../with-config.ts";
import { readLabels } from "./read-labels.ts";

export function calibrateCommand(shell: Shell) {
  return defineCommand({
    meta: {
      name: "calibrate",
      description:
        "Choose the local tier's threshold from labelled questions; says so when they are too few.",
    },
    args: {
      labels: { type: "positional", required: true, description: "JSONL of labelled questions." },
      target: { type: "string", default: "0.95", description: "Wanted share of right decisions." },
      delta: { type: "string", default: "0.1", description: "Probability with which it may be missed." },
      out: { type: "string", description: "File to write; else routing.calibration_file." },
    },
    run: ({ args }) =>
      withConfig(shell, { sandbox: false }, async ({ config }) => {
        const out = args.out ?? config.routing.calibration_file;
        const { target, delta } = { target: Number(args.target), delta: Number(args.delta) };
        if (![target, delta].every((share) => share > 0 && share < 1))
          return refuse(shell, "--target and --delta lie between 0 and 1.");
        if (out === undefined)
          return refuse(shell, "Name a file: --out, or routing.calibration_file in the configuration.");
        return calibrateInto(
          shell,
          config,
          path.resolve(shell.cwd, args.labels),
          path.resolve(shell.cwd, out),
          target,
          delta,
        );
      }),
  });
}

function calibrateInto(
  shell: Shell,
  config: OrchestratorConfig,
  labels: string,
  out: string,
  target: number,
  delta: number,
): number {
  const measured = localOutcomes(config, readLabels(labels));
  const temperature = fitConfidence(measured.outcomes);
  // The walk is over the confidence as it is: a temperature fitted to the same labels would loosen the guarantee.
  const result = calibrate(measured.outcomes, target, delta);
  writeCalibration(out, {
    temperature,
    threshold: result.threshold === null ? null : temper(result.threshold, temperature),
    target,
    delta,
    n: result.n,
    achievable: result.achievable,
  });
  shell.terminal.out(
    `${summary(result, measured.labels, measured.trained_on, temperature)}\nWritten: ${out}\n`,
  );
  return result.achievable ? 0 : 1;
}

function summary(result: Calibration, labels: number, trainedOn: number, temperature: number): string {
  const share = result.n === 0 ? 0 : result.accepted / result.n;
  return [
    result.message,
    `${labels} labels, of which the local tier may decide ${result.n} alone; ${trainedOn} more were trained on.`,
    `temperature ${temperature.toFixed(2)}, decided alone at this threshold ${(share * 100).toFixed(1)} %`,
  ].join("\n");
}

function refuse({ terminal }: Shell, sentence: string): number {
  terminal.err(`${sentence}\n`);
  return 1;
}
