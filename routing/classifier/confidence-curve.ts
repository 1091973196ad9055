/** The last step of calibration: how far the highest probability can be believed, by Platt's sigmoid over its log-odds. */

export interface ConfidenceCurve {
  /** Of the log-odds of the highest probability; above 0, so that the order of questions stays. */
  slope: number;
  shift: number;
}

/** A highest probability among held-out rows, and whether its label was right. */
export interface Claim {
  probability: number;
  right: boolean;
  weight: number;
}

export const STRAIGHT: ConfidenceCurve = { slope: 1, shift: 0 };

/** Below this many rows the fit would be noise. */
const ENOUGH = 1_000;
const ROUNDS = 50;

/** Newton's method on the log-loss; straight where there are few rows, or where certainty says nothing. */
export function fitCurve(claims: readonly Claim[]): ConfidenceCurve {
  if (claims.length < ENOUGH) return STRAIGHT;
  let [slope, shift] = [1, 0];
  for (let round = 0; round < ROUNDS; round++) {
    // Gradient and Hessian; the ridge keeps them solvable where all rows are right.
    let [gSlope, gShift, hSlope, hBoth, hShift] = [0, 0, 1e-3, 0, 1e-3];
    for (const { probability, right, weight } of claims) {
      const x = logOdds(probability);
      const q = sigmoid(slope * x + shift);
      const error = weight * (q - Number(right));
      const curvature = weight * q * (1 - q);
      gSlope += error * x;
      gShift += error;
      hSlope += curvature * x * x;
      hBoth += curvature * x;
      hShift += curvature;
    }
    const determinant = hSlope * hShift - hBoth * hBoth;
    slope -= (hShift * gSlope - hBoth * gShift) / determinant;
    shift -= (hSlope * gShift - hBoth * gSlope) / determinant;
  }
  return slope > 0 && Number.isFinite(slope + shift) ? { slope, shift } : STRAIGHT;
}

/** Bends the first of `sorted` (likeliest first) in place; the others share the rest, and none overtakes it. */
export function bend(sorted: { probability: number }[], { slope, shift }: ConfidenceCurve): void {
  const [first, second] = sorted;
  if (first === undefined || second === undefined || (slope === 1 && shift === 0)) return;
  const before = first.probability;
  if (before >= 1) return;
  const least = second.probability / (1 - before + second.probability);
  const after = Math.max(sigmoid(slope * logOdds(before) + shift), least);
  const rest = (1 - after) / (1 - before);
  for (const one of sorted) one.probability *= rest;
  first.probability = after;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function logOdds(probability: number): number {
  const inside = Math.min(Math.max(probability, 1e-9), 1 - 1e-9);
  return Math.log(inside / (1 - inside));
}
