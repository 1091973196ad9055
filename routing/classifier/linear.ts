/** A linear model over sparse features: one score per class. Weights lie feature by feature. */

export interface LinearWeights {
  classes: number;
  /** `weights[feature * classes + class]`. */
  weights: Float32Array;
  bias: Float32Array;
}

/** Adds up the scores of one sparse row into `scores` (length `classes`). */
export function scoreInto(
  scores: Float64Array,
  model: LinearWeights,
  ids: Uint32Array,
  values: Float32Array,
  from: number,
  to: number,
): void {
  const { classes, weights, bias } = model;
  for (let c = 0; c < classes; c++) scores[c] = bias[c]!;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    const row = ids[i]! * classes;
    for (let c = 0; c < classes; c++) scores[c]! += value * weights[row + c]!;
  }
}

/** Turns scores into probabilities in place. */
export function softmaxInPlace(scores: Float64Array, temperature = 1): void {
  let highest = -Infinity;
  for (let c = 0; c < scores.length; c++) if (scores[c]! > highest) highest = scores[c]!;
  let sum = 0;
  for (let c = 0; c < scores.length; c++) {
    const power = Math.exp((scores[c]! - highest) / temperature);
    scores[c] = power;
    sum += power;
  }
  for (let c = 0; c < scores.length; c++) scores[c]! /= sum;
}
