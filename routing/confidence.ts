/** Makes the local tier's confidence honest: one temperature over its log-odds, fitted to labelled questions. */
import type { Outcome } from "./calibrate.ts";

const LEAST = 1e-6;

/** `temperature` above 1 makes a probability less sure; 0.5 stays 0.5. */
export function temper(probability: number, temperature: number): number {
  const p = Math.min(1 - LEAST, Math.max(LEAST, probability));
  return 1 / (1 + Math.exp(-Math.log(p / (1 - p)) / temperature));
}

/** The temperature between 0.1 and 10 with the lowest negative log-likelihood; 1 without outcomes. */
export function fitConfidence(outcomes: readonly Outcome[]): number {
  if (outcomes.length === 0) return 1;
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.1), Math.log(10)];
  for (let i = 0; i < 40; i += 1) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (loss(outcomes, Math.exp(left)) < loss(outcomes, Math.exp(right))) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

function loss(outcomes: readonly Outcome[], temperature: number): number {
  return outcomes.reduce((sum, { probability, right }) => {
    const p = temper(probability, temperature);
    return sum - Math.log(right ? p : 1 - p);
  }, 0);
}
