/** How long to wait before a repeat: exponential with full jitter, or as long as the other side asked. */

export interface Backoff {
  base_ms: number;
  max_ms: number;
}

export const RETRY_BACKOFF: Backoff = { base_ms: 250, max_ms: 8_000 };

/** Spread on top of a wished wait, so that everyone who got the same Retry-After does not return at once. */
const SPREAD_MS = 250;

/** `attempt` counts from 1; `random` gives numbers in [0, 1). */
export function backoffMs(attempt: number, backoff: Backoff, random: () => number): number {
  return random() * Math.min(backoff.max_ms, backoff.base_ms * 2 ** (attempt - 1));
}

export function wishedWaitMs(retry_after_ms: number, random: () => number): number {
  return retry_after_ms + random() * SPREAD_MS;
}
