/** The share that is really good, from the share that an imperfect judge calls good (Rogan and Gladen 1978). */
import { quantile } from "./quantile.ts";
import { seededRandom } from "../../routing/random.ts";
import type { Interval } from "./wilson.ts";

export interface Count {
  hits: number;
  total: number;
}

const DRAWS = 4_000;

/**
 * `sensitivity`: of what people call good, what the judge calls good; `specificity`: of what people call bad, what it calls bad.
 * The 95 % interval covers the noise of all three counts (Lee et al., 2511.21140): each is drawn from its Beta distribution.
 * Null where the judge is no better than a coin.
 */
export function correctedShare(
  called: Count,
  sensitivity: Count,
  specificity: Count,
): ({ value: number } & Interval) | null {
  const [p, sens, spec] = [called, sensitivity, specificity].map(({ hits, total }) => hits / total);
  const value = correct(p!, sens!, spec!);
  if (value === null) return null;
  const random = seededRandom(1);
  const draws: number[] = [];
  for (let i = 0; i < DRAWS; i += 1) {
    const drawn = correct(drawBeta(called, random), drawBeta(sensitivity, random), drawBeta(specificity, random)); // prettier-ignore
    if (drawn !== null) draws.push(drawn);
  }
  return { value, low: quantile(draws, 0.025), high: quantile(draws, 0.975) };
}

function correct(called: number, sensitivity: number, specificity: number): number | null {
  const better = sensitivity + specificity - 1;
  return better > 0 ? Math.min(1, Math.max(0, (called + specificity - 1) / better)) : null;
}

/** Beta(hits + 1/2, misses + 1/2), so that a count of none or all keeps a width. */
function drawBeta({ hits, total }: Count, random: () => number): number {
  const a = drawGamma(hits + 0.5, random);
  const b = drawGamma(total - hits + 0.5, random);
  return a / (a + b);
}

/** Marsaglia and Tsang (2000); shapes below 1 by their boost. */
function drawGamma(shape: number, random: () => number): number {
  if (shape < 1) return drawGamma(shape + 1, random) * Math.pow(1 - random(), 1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const v = Math.pow(1 + c * x, 3);
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
