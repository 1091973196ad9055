/** Calibration of scores: a temperature (Guo et al. 2017) and a share of doubt, fitted to held-out rows. */

/** Held-out scores of one row and the classes that count as right (all sub-topics of its label). */
export interface HeldOut {
  scores: Float64Array;
  right: readonly number[];
  weight: number;
}

export interface Scaling {
  /** Scores are divided by it before the softmax. */
  temperature: number;
  /** Share of probability that is spread evenly: labels are never all right, whatever the score says. */
  doubt: number;
}

const DOUBTS = [0, 0.005, 0.01, 0.02, 0.03, 0.045, 0.06, 0.08, 0.1];

/** The scaling with the lowest negative log-likelihood; none without rows. */
export function fitScaling(rows: readonly HeldOut[]): Scaling {
  if (rows.length === 0) return { temperature: 1, doubt: 0 };
  const fitted = DOUBTS.map((doubt) => fitTemperature(rows, doubt));
  // Doubt has to earn its place: equal fits go to the simpler one.
  return fitted.reduce((best, next) => (next.loss < best.loss * (1 - 1e-6) ? next : best));
}

/** Golden-section search over the logarithm, between 0.02 and 20: the loss has one valley. */
function fitTemperature(rows: readonly HeldOut[], doubt: number): Scaling & { loss: number } {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(0.02);
  let high = Math.log(20);
  for (let i = 0; i < 30; i++) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (logLoss(rows, Math.exp(left), doubt) < logLoss(rows, Math.exp(right), doubt)) high = right;
    else low = left;
  }
  const temperature = Math.exp((low + high) / 2);
  return { temperature, doubt, loss: logLoss(rows, temperature, doubt) };
}

function logLoss(rows: readonly HeldOut[], temperature: number, doubt: number): number {
  let loss = 0;
  for (const row of rows) {
    let highest = -Infinity;
    for (const score of row.scores) if (score > highest) highest = score;
    let all = 0;
    for (const score of row.scores) all += Math.exp((score - highest) / temperature);
    let right = 0;
    for (const c of row.right) right += Math.exp((row.scores[c]! - highest) / temperature);
    const probability = (1 - doubt) * (right / all) + (doubt * row.right.length) / row.scores.length;
    loss -= row.weight * Math.log(Math.max(probability, 1e-12));
  }
  return loss;
}
