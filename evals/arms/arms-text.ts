/** The arms and the verdicts on them, as Markdown. */
import { quantile } from "../stats/quantile.ts";
import type { CostUnit, Measured, Verdict } from "./verdict.ts";

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const points = (share: number) => `${share >= 0 ? "+" : ""}${(share * 100).toFixed(1)}`;

/** One row per arm over all questions. */
export function armsTable(
  arms: readonly { name: string; what: string; measured: readonly Measured[] }[],
): string {
  const rows = arms.map(({ name, what, measured }) => {
    const latencies = measured.map(({ latency_ms }) => latency_ms);
    const mean = (of: (one: Measured) => number) =>
      measured.reduce((sum, one) => sum + of(one), 0) / measured.length;
    const cells = [
      name,
      what,
      `${measured.length}`,
      percent(mean(({ quality }) => quality)),
      percent(mean(({ clean }) => clean)),
      mean(({ calls }) => calls).toFixed(2),
      mean(({ tokens }) => tokens).toFixed(0),
      measured.some(({ usd }) => usd === null) ? "unknown" : mean(({ usd }) => usd ?? 0).toFixed(4),
      `${quantile(latencies, 0.5).toFixed(0)}, ${quantile(latencies, 0.95).toFixed(0)}`,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "| Arm | What it does | Questions | Good answers | Only right sources | Calls per question | Tokens | Dollars | p50, p95 (ms) |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

export function verdictTable(against: string, verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ shape, cases, quality, cost, detectable, verdict }) => {
    const { mean, low, high } = quality.difference;
    const cells = [
      shape,
      `${cases}`,
      `${percent(quality.ours)}, ${percent(quality.theirs)}`,
      `${points(mean)} (${points(low)} to ${points(high)})`,
      `${amount(cost.unit, cost.ours)}, ${amount(cost.unit, cost.theirs)}`,
      (detectable * 100).toFixed(1),
      verdict,
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    `| Shape | Questions | Good answers: graph, ${against} | Difference in points (95 %) | ${NAMES[verdicts[0]?.cost.unit ?? "calls"]}: graph, ${against} | Detectable | Verdict |`,
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

const NAMES: Record<CostUnit, string> = { usd: "Dollars", tokens: "Tokens", calls: "Calls" };

function amount(unit: CostUnit, value: number): string {
  return value.toFixed(unit === "usd" ? 4 : unit === "tokens" ? 0 : 2);
}
