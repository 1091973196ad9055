/** Bounds the repeats of one backend as a share of its calls, so that retries cannot multiply an outage. */

export interface RetryBudget {
  /** Every first attempt pays in. */
  deposit(): void;
  /** False when the budget is spent. */
  withdraw(): boolean;
}

/** Repeats that may happen before any call has paid in, e.g. after a quiet time. */
const RESERVE = 20;
/** At most half as many repeats as calls in the long run. */
const SHARE = 0.5;

export function createRetryBudget(): RetryBudget {
  let left = RESERVE;
  return {
    deposit() {
      left = Math.min(RESERVE, left + SHARE);
    },
    withdraw() {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
