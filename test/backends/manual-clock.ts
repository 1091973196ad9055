/** A clock that a test moves by hand. */
import type { Clock } from "../../backends/clock.ts";

export interface ManualClock extends Clock {
  /** Moves on and wakes whoever slept long enough. */
  advance(ms: number): Promise<void>;
  /** Every sleep that was asked for, in milliseconds. */
  slept: number[];
}

export function manualClock(start = 1_000_000): ManualClock {
  let now = start;
  let sleepers: { at: number; wake: () => void }[] = [];
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep(ms, signal) {
      slept.push(ms);
      return new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        sleepers.push({ at: now + ms, wake: resolve });
      });
    },
    async advance(ms) {
      now += ms;
      const due = sleepers.filter(({ at }) => at <= now);
      sleepers = sleepers.filter(({ at }) => at > now);
      for (const { wake } of due) wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** The real time, but waits take none; what was waited for is taken down. */
export function impatientClock(): Clock & { slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.now(),
    async sleep(ms, signal) {
      slept.push(ms);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}
