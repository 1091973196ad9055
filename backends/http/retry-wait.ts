/** Whether a failed call is repeated, and after how long. */
import { BackendError } from "../errors.ts";
import { backoffMs, RETRY_BACKOFF, wishedWaitMs } from "./backoff.ts";
import { nothingSent } from "./network-fault.ts";
import type { ChannelRequest } from "./request.ts";
import type { RetryBudget } from "./retry-budget.ts";

export interface Retrying {
  /** Repeats that the policy allows per call. */
  retries: number;
  budget: RetryBudget;
  /** Numbers in [0, 1). */
  random: () => number;
}

/** Milliseconds until the next try, or null when there shall be none. `left_ms` is the time until the deadline. */
export function retryWaitMs(
  { retries, budget, random }: Retrying,
  tries: number,
  error: unknown,
  request: ChannelRequest,
  left_ms: number,
): number | null {
  if (!(error instanceof BackendError) || tries > retries || !error.retryable) return null;
  if (request.repeatable === false && !didNothing(error)) return null;
  const asked = error.detail.retry_after_ms;
  const wait = asked === undefined ? backoffMs(tries, RETRY_BACKOFF, random) : wishedWaitMs(asked, random);
  if (wait >= left_ms) return null;
  return budget.withdraw() ? wait : null;
}

function didNothing(error: BackendError): boolean {
  return error.code === "rate_limited" || error.detail.status === 503 || nothingSent(error);
}
