/** Compares two reports over the cases that both hold: paired differences with intervals, and what could not be seen. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { pairedBootstrap, type Pair } from "./stats/paired-bootstrap.ts";

const Report = z.object({
  cases: z.array(
    z.object({
      id: z.string(),
      cluster: z.string(),
      route: z.object({ correct: z.boolean() }),
      plan: z.object({ exact: z.boolean() }),
      numbers: z.object({ correct: z.boolean() }).nullable(),
    }),
  ),
});
type ReportedCase = z.infer<typeof Report>["cases"][number];

export interface Compared {
  metric: string;
  /** Cases that both reports score. */
  cases: number;
  /** Second report less the first, as shares. */
  mean: number;
  low: number;
  high: number;
  /** A true difference of this size would be seen four times out of five. */
  detectable: number;
  verdict: "better" | "worse" | "no difference shown";
}

const METRICS: [string, (reported: ReportedCase) => boolean | null][] = [
  ["routing", (reported) => reported.route.correct],
  ["plan", (reported) => reported.plan.exact],
  ["numbers", (reported) => reported.numbers?.correct ?? null],
];

/** Normal quantiles: 95 % two-sided and 80 % power together, over the width of a 95 % interval. */
const DETECTABLE = (1.96 + 0.84) / (2 * 1.96);

/** `before` and `after` are folders of runs. Throws when they share no case; a metric that no shared case has is left out. */
export function compareReports(before: string, after: string): Compared[] {
  const later = new Map(readReport(after).map((reported) => [reported.id, reported]));
  const both = readReport(before).flatMap((reported) => {
    const other = later.get(reported.id);
    return other === undefined ? [] : [{ before: reported, after: other }];
  });
  if (both.length === 0) throw new TypeError("The two reports share no case.");
  return METRICS.flatMap(([metric, of]) => {
    const pairs = both.flatMap((pair): Pair[] => {
      const [x, y] = [of(pair.before), of(pair.after)];
      return x === null || y === null
        ? []
        : [{ cluster: pair.before.cluster, before: Number(x), after: Number(y) }];
    });
    if (pairs.length === 0) return [];
    const { mean, low, high } = pairedBootstrap(pairs);
    // Where nothing flipped, the rule of three bounds what may have gone unseen.
    const detectable = Math.max((high - low) * DETECTABLE, 3 / pairs.length);
    const verdict = low > 0 ? "better" : high < 0 ? "worse" : "no difference shown";
    return [{ metric, cases: pairs.length, mean, low, high, detectable, verdict }];
  });
}

export function comparisonText(compared: readonly Compared[]): string {
  const points = (share: number) => `${share >= 0 ? "+" : ""}${(share * 100).toFixed(1)}`;
  return compared
    .map(
      ({ metric, cases, mean, low, high, detectable, verdict }) =>
        `${metric.padEnd(8)} ${points(mean)} points (${points(low)} to ${points(high)}, ${cases} cases): ${verdict}; ` +
        `a difference of ${(detectable * 100).toFixed(1)} points would be seen four times out of five`,
    )
    .join("\n");
}

function readReport(folder: string): ReportedCase[] {
  const file = folder.endsWith(".json") ? folder : path.join(folder, "report.json");
  return Report.parse(JSON.parse(readFileSync(file, "utf8"))).cases;
}
