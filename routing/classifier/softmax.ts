/** Softmax regression by stochastic gradient descent with a decaying step; deterministic for a seed. */
import { seededRandom, shuffle } from "../random.ts";
import { scoreInto, softmaxInPlace, type LinearWeights } from "./linear.ts";
import type { SparseRows } from "./sparse.ts";

export interface SoftmaxOptions {
  epochs: number;
  /** First step size; falls linearly to a tenth. */
  rate: number;
  /** L2 penalty per step, relative to the step size. */
  decay: number;
  seed: number;
}

/** `targets[row]` is the class of a row, `importance[row]` scales its gradient; only `order` rows are seen. */
export function trainSoftmax(
  rows: SparseRows,
  targets: Uint16Array,
  importance: Float32Array,
  classes: number,
  order: Uint32Array,
  options: SoftmaxOptions,
): LinearWeights {
  const model: LinearWeights = {
    classes,
    weights: new Float32Array(rows.features * classes),
    bias: new Float32Array(classes),
  };
  const random = seededRandom(options.seed);
  const scores = new Float64Array(classes);
  const sequence = order.slice();
  const steps = options.epochs * sequence.length;
  // The penalty is kept as one factor over all weights: `weights * scale` are the true ones.
  let scale = 1;
  let step = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(sequence, random);
    for (const row of sequence) {
      const rate = options.rate * (1 - (0.9 * step++) / steps);
      scale *= 1 - rate * options.decay;
      stepOne(model, rows, row, targets[row]!, rate * importance[row]!, scale, scores);
    }
  }
  for (let i = 0; i < model.weights.length; i++) model.weights[i]! *= scale;
  return model;
}

function stepOne(
  model: LinearWeights,
  rows: SparseRows,
  row: number,
  target: number,
  rate: number,
  scale: number,
  scores: Float64Array,
): void {
  const from = rows.starts[row]!;
  const to = rows.starts[row + 1]!;
  const { classes, weights, bias } = model;
  scoreScaled(scores, model, rows, from, to, scale);
  softmaxInPlace(scores);
  for (let c = 0; c < classes; c++) {
    const gradient = rate * ((c === target ? 1 : 0) - scores[c]!);
    scores[c] = gradient / scale;
    bias[c]! += gradient * 0.1;
  }
  for (let i = from; i < to; i++) {
    const value = rows.values[i]!;
    const base = rows.ids[i]! * classes;
    for (let c = 0; c < classes; c++) weights[base + c]! += value * scores[c]!;
  }
}

function scoreScaled(
  scores: Float64Array,
  model: LinearWeights,
  rows: SparseRows,
  from: number,
  to: number,
  scale: number,
): void {
  scoreInto(scores, model, rows.ids, rows.values, from, to);
  for (let c = 0; c < model.classes; c++) scores[c] = (scores[c]! - model.bias[c]!) * scale + model.bias[c]!;
}
