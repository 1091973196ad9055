/** Repeats what failed only because the database was away for a moment or two transactions met. */
import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "./store-error.ts";

/** How long the database may be away before a call fails. */
export const PATIENCE_MS = 30_000;

const LONGEST_PAUSE_MS = 1_000;

/**
 * Everything in this folder may be repeated, even when it is unknown whether a lost connection took the commit
 * with it: rows have ids that the caller chose, inserts ignore or replace what is there.
 */
export async function patiently<T>(work: () => Promise<T>, patienceMs: number): Promise<T> {
  const end = performance.now() + patienceMs;
  for (let pause = 25; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!passing(error) || performance.now() + pause > end) throw error;
      // Between half and all of the pause, so that many callers do not return at once.
      await sleep(pause * (0.5 + Math.random() / 2));
    }
  }
}

function passing(error: unknown): boolean {
  return error instanceof StoreError && (error.code === "connection" || error.code === "conflict");
}
