/** Area under the ROC curve: the chance that a positive scores higher than a negative. */
import type { Interval } from "./wilson.ts";

export interface Auroc extends Interval {
  value: number;
}

/** Ties count half. The 95 % interval is Hanley and McNeil's (1982). NaN where a side is empty. */
export function auroc(positives: readonly number[], negatives: readonly number[]): Auroc {
  const [n, m] = [positives.length, negatives.length];
  if (n === 0 || m === 0) return { value: Number.NaN, low: 0, high: 1 };
  const value = (rankSum(positives, negatives) - (n * (n + 1)) / 2) / (n * m);
  const q1 = value / (2 - value);
  const q2 = (2 * value * value) / (1 + value);
  const variance =
    (value * (1 - value) + (n - 1) * (q1 - value * value) + (m - 1) * (q2 - value * value)) / (n * m);
  const half = 1.96 * Math.sqrt(Math.max(0, variance));
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
}

/** Sum of the ranks of the positives among all, equal scores sharing their mean rank. */
function rankSum(positives: readonly number[], negatives: readonly number[]): number {
  const all = [
    ...positives.map((score) => ({ score, positive: true })),
    ...negatives.map((score) => ({ score, positive: false })),
  ].sort((a, b) => a.score - b.score);
  let sum = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]!.score === all[from]!.score) to += 1;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i += 1) if (all[i]!.positive) sum += rank;
    from = to;
  }
  return sum;
}
