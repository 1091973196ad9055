/** Exact (Clopper-Pearson) bounds of a share: they hold their level for every sample size. */
import type { Interval } from "./wilson.ts";

/** `alpha` is the error of both sides together. */
export function clopperPearson(successes: number, total: number, alpha = 0.05): Interval {
  return {
    low: successes === 0 ? 0 : solve((p) => 1 - binomialCdf(successes - 1, total, p) - alpha / 2),
    high: successes === total ? 1 : solve((p) => alpha / 2 - binomialCdf(successes, total, p)),
  };
}

/** One-sided upper bound: the true share lies above it with probability `delta` at most. */
export function upperBound(successes: number, total: number, delta: number): number {
  return successes === total ? 1 : solve((p) => delta - binomialCdf(successes, total, p));
}

/** P(X <= k) for X binomial, summed in logarithms. */
function binomialCdf(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  let logTerm = n * Math.log1p(-p);
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i += 1) {
    logTerm += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/** The root of an increasing function on [0, 1]. */
function solve(increasing: (p: number) => number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (increasing(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
