/** The right to work on one run, while this process lives and nobody took over. */
import type { RunEnd, RunRecord } from "./run-record.ts";
import { StoreError } from "./store-error.ts";

export interface RunLease {
  /** The run as it was claimed. */
  readonly run: RunRecord;
  /** Grows with each claim; a smaller one than the database's is out of date. */
  readonly fence: number;
  /** Aborts with a `StoreError` (`lease_lost`) when another process took over: stop at once, write nothing. */
  readonly lost: AbortSignal;
  /** Aborts when somebody, in whatever process, asked to cancel: stop the backends, then `finish("cancelled")`. */
  readonly cancelled: AbortSignal;
  /** The run is over; its events must have been appended before. Throws `lease_lost`. */
  finish(state: RunEnd): Promise<void>;
  /** Gives an unfinished run back (draining): another process may go on. `needsOwner` lets it wait for its owner. */
  release(options?: { needsOwner?: boolean }): Promise<void>;
}

export function leaseLost(runId: string): StoreError {
  return new StoreError(
    "lease_lost",
    `Another process has taken over run ${runId}; this one was paused or cut off for too long and must stop.`,
  );
}
