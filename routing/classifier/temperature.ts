/** Temperature scaling (Guo et al. 2017): one number that makes the probabilities of held-out rows honest. */

/** Held-out scores of one row and the classes that count as right (all sub-topics of its label). */
export interface HeldOut {
  scores: Float64Array;
  right: readonly number[];
  weight: number;
}

/** The temperature with the lowest negative log-likelihood, between 0.02 and 20; 1 without rows. */
export function fitTemperature(rows: readonly HeldOut[]): number {
  if (rows.length === 0) return 1;
  // Golden-section search over the logarithm: the loss has one valley.
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(0.02);
  let high = Math.log(20);
  for (let i = 0; i < 40; i++) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (logLoss(rows, Math.exp(left)) < logLoss(rows, Math.exp(right))) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

function logLoss(rows: readonly HeldOut[], temperature: number): number {
  let loss = 0;
  for (const row of rows) {
    let highest = -Infinity;
    for (const score of row.scores) if (score > highest) highest = score;
    let all = 0;
    for (const score of row.scores) all += Math.exp((score - highest) / temperature);
    let right = 0;
    for (const c of row.right) right += Math.exp((row.scores[c]! - highest) / temperature);
    loss -= row.weight * Math.log(Math.max(right / all, 1e-12));
  }
  return loss;
}
