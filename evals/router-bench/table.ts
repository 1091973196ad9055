/** The measured rows as a Markdown table. */
import type { BenchRow } from "./measure.ts";

export const TABLE_HEAD = [
  "| Data | Method | Accuracy (95 % interval) | Foreign questions, AUROC (95 %) | Calibration error | p50, p95 (µs) | Training |",
  "| --- | --- | --- | --- | --- | --- | --- |",
].join("\n");

/** `blend` is what the router uses. */
const NAMES = { blend: "both, summed", softmax: "softmax", one_vs_rest: "one against the rest" } as const;

export function tableRow(row: BenchRow): string {
  const percent = (share: number) => (share * 100).toFixed(2);
  const { accuracy, foreign } = row;
  const cells = [
    row.suite,
    NAMES[row.method],
    `${percent(accuracy.value)} % (${percent(accuracy.low)} to ${percent(accuracy.high)}, ${row.questions})`,
    foreign === null
      ? "-"
      : `${foreign.value.toFixed(4)} (${foreign.low.toFixed(4)} to ${foreign.high.toFixed(4)})`,
    `${percent(row.calibration_error)} %`,
    `${row.p50_us.toFixed(0)}, ${row.p95_us.toFixed(0)}`,
    `${(row.train_ms / 1_000).toFixed(1)} s`,
  ];
  return `| ${cells.join(" | ")} |`;
}
