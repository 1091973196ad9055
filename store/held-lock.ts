/** The thread lock that the current asynchronous call chain runs under, for the savers to check before they write. */
import type { AsyncLocalStorage } from "node:async_hooks";
import { StoreError } from "./store-error.ts";

export interface HeldLock {
  readonly thread_id: string;
  /** Grows with every owner of the lock: a smaller one than the database's is out of date. */
  readonly fence: number;
}

/** Set by `withThread`. Outside of it (evaluations, Studio) nothing is checked. */
export type HeldLocks = AsyncLocalStorage<HeldLock>;

export function lockLost(lock: HeldLock): StoreError {
  return new StoreError(
    "lease_lost",
    `Another process has taken over thread ${lock.thread_id}; this one was paused or cut off for too long and must stop.`,
  );
}
