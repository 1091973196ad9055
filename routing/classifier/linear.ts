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

/** Adds two models up, the second scaled to weights as large as the first's: two opinions for the price of one. */
export function blend(first: LinearWeights, second: LinearWeights): LinearWeights {
  const scale = spread(first.weights) / Math.max(spread(second.weights), Number.MIN_VALUE);
  return {
    classes: first.classes,
    weights: first.weights.map((weight, i) => weight + scale * second.weights[i]!),
    bias: first.bias.map((bias, c) => bias + scale * second.bias[c]!),
  };
}

/** Root mean square. */
function spread(weights: Float32Array): number {
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  return Math.sqrt(squares / Math.max(1, weights.length));
}
