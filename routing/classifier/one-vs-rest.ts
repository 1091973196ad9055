/** Linear support vector machines, one per class against the rest: dual coordinate descent, squared hinge. */
import { seededRandom, shuffle } from "../random.ts";
import type { LinearWeights } from "./linear.ts";
import type { SparseRows } from "./sparse.ts";

export interface OneVsRestOptions {
  epochs: number;
  /** Cost of a violated margin (`C` of Hsieh et al., "A Dual Coordinate Descent Method", 2008). */
  cost: number;
  seed: number;
}

export function trainOneVsRest(
  rows: SparseRows,
  targets: Uint16Array,
  importance: Float32Array,
  classes: number,
  order: Uint32Array,
  options: OneVsRestOptions,
): LinearWeights {
  const model: LinearWeights = {
    classes,
    weights: new Float32Array(rows.features * classes),
    bias: new Float32Array(classes),
  };
  const norms = squaredNorms(rows);
  for (let c = 0; c < classes; c++) {
    const one = trainBinary(rows, targets, importance, c, order, norms, options);
    for (let f = 0; f < rows.features; f++) model.weights[f * classes + c] = one.weights[f]!;
    model.bias[c] = one.bias;
  }
  return model;
}

function squaredNorms(rows: SparseRows): Float32Array {
  const norms = new Float32Array(rows.rows);
  for (let row = 0; row < rows.rows; row++) {
    let sum = 1;
    for (let i = rows.starts[row]!; i < rows.starts[row + 1]!; i++) sum += rows.values[i]! ** 2;
    norms[row] = sum;
  }
  return norms;
}

function trainBinary(
  rows: SparseRows,
  targets: Uint16Array,
  importance: Float32Array,
  positive: number,
  order: Uint32Array,
  norms: Float32Array,
  options: OneVsRestOptions,
): { weights: Float32Array; bias: number } {
  const weights = new Float32Array(rows.features);
  const alphas = new Float32Array(rows.rows);
  const random = seededRandom(options.seed + positive);
  const sequence = order.slice();
  let bias = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(sequence, random);
    for (const row of sequence) {
      const sign = targets[row] === positive ? 1 : -1;
      const from = rows.starts[row]!;
      const to = rows.starts[row + 1]!;
      let score = bias;
      for (let i = from; i < to; i++) score += weights[rows.ids[i]!]! * rows.values[i]!;
      const slack = 1 / (2 * options.cost * importance[row]!);
      const before = alphas[row]!;
      const after = Math.max(0, before - (sign * score - 1 + slack * before) / (norms[row]! + slack));
      if (after === before) continue;
      alphas[row] = after;
      const change = (after - before) * sign;
      for (let i = from; i < to; i++) weights[rows.ids[i]!]! += change * rows.values[i]!;
      bias += change;
    }
  }
  return { weights, bias };
}
