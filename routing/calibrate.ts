/** The threshold with a guarantee: Clopper-Pearson bounds walked from strict to lax (evals.md section 3.7). */

/** One labelled question: how sure the router was, and whether it was right. Out-of-scope ones count as wrong. */
export interface Outcome {
  probability: number;
  right: boolean;
}

export interface Calibration {
  /** Null: not enough labels for the target, so nothing may be decided alone. */
  threshold: number | null;
  /** Wanted share of right decisions among those that the router takes alone. */
  target: number;
  /** Probability with which the target may be missed. */
  delta: number;
  /** Labelled questions. */
  n: number;
  /** Of those, how many the threshold accepts. */
  accepted: number;
  /** Share of right ones among the accepted; null when none is. */
  precision: number | null;
  achievable: boolean;
  /** One sentence for the operator. */
  message: string;
}

/** From strict to lax; fixed before any label is seen, as the guarantee demands. */
export const GRID: readonly number[] = [
  0.999, 0.998, 0.995, 0.99, 0.98, 0.97, 0.96, 0.95, 0.94, 0.92, 0.9, 0.88, 0.85, 0.82, 0.8, 0.77, 0.75, 0.72,
  0.7, 0.67, 0.65, 0.62, 0.6, 0.57, 0.55, 0.52, 0.5, 0.45, 0.4, 0.35, 0.3,
]; // prettier-ignore

/**
 * The lowest threshold of the grid up to which every bound on the error holds. The walk begins at the strictest
 * threshold that accepts enough questions for a bound at all, which depends on counts alone, not on right or wrong.
 */
export function calibrate(outcomes: readonly Outcome[], target: number, delta = 0.1): Calibration {
  const alpha = 1 - target;
  const needed = fewestForBound(alpha, delta);
  let chosen: { threshold: number; accepted: number; wrong: number } | null = null;
  for (const threshold of GRID) {
    const accepted = outcomes.filter(({ probability }) => probability >= threshold);
    if (accepted.length < needed) continue;
    const wrong = accepted.filter(({ right }) => !right).length;
    if (upperBound(wrong, accepted.length, delta) > alpha) break;
    chosen = { threshold, accepted: accepted.length, wrong };
  }
  return report(chosen, outcomes.length, needed, target, delta);
}

function report(
  chosen: { threshold: number; accepted: number; wrong: number } | null,
  n: number,
  needed: number,
  target: number,
  delta: number,
): Calibration {
  const common = { target, delta, n };
  if (chosen === null) {
    const message =
      n < needed
        ? `Not enough labels: ${n} of at least ${needed} that a precision of ${percent(target)} needs.`
        : `Not enough labels, or too many wrong ones, for a precision of ${percent(target)}: decide nothing alone.`;
    return { ...common, threshold: null, accepted: 0, precision: null, achievable: false, message };
  }
  const { threshold, accepted, wrong } = chosen;
  const precision = 1 - wrong / accepted;
  const message = `From ${threshold} on, at least ${percent(target)} are right with ${percent(1 - delta)} confidence.`;
  return { ...common, threshold, accepted, precision, achievable: true, message };
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

/** Even without a single error a bound of `alpha` needs so many. */
export function fewestForBound(alpha: number, delta: number): number {
  return Math.ceil(Math.log(delta) / Math.log(1 - alpha));
}

/**
 * One-sided Clopper-Pearson: the error rate at which so few errors in `n` have only probability `delta`.
 * 1 when nothing was accepted.
 */
export function upperBound(errors: number, n: number, delta: number): number {
  if (n === 0 || errors >= n) return 1;
  let low = errors / n;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (binomialCdf(errors, n, middle) > delta) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability of at most `k` successes in `n` trials. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  // Summed in logarithms, each term from the one before: n may be in the thousands.
  let logTerm = n * Math.log1p(-p);
  const odds = Math.log(p) - Math.log1p(-p);
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i) + odds;
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}
