/** The questions-per-minute limit of a workspace as a queue: whoever comes too early waits for a free place. */
import type { Clock } from "../clock.ts";

export interface RateQueue {
  /**
   * Resolves with the milliseconds waited, when the question may be sent; with null, at once, when the wait would
   * last beyond `deadline`. `onWait` hears of the expected wait.
   */
  take(signal: AbortSignal, deadline: number, onWait: (ms: number) => void): Promise<number | null>;
  waiting(): number;
}

const WINDOW_MS = 60_000;

/** `per_minute` 0 means no limit. */
export function createRateQueue(per_minute: number, clock: Clock): RateQueue {
  /** When the questions of the last minute were, or will be, sent; ascending. */
  const sent: number[] = [];
  let waiting = 0;

  return {
    waiting: () => waiting,
    async take(signal, deadline, onWait) {
      if (per_minute === 0) return 0;
      const now = clock.now();
      while (sent[0] !== undefined && sent[0] <= now - WINDOW_MS) sent.shift();
      const before = sent.at(-per_minute);
      const at = before === undefined ? now : Math.max(now, before + WINDOW_MS);
      if (at >= deadline) return null;
      sent.push(at);
      if (at <= now) return 0;
      onWait(at - now);
      waiting += 1;
      try {
        await clock.sleep(at - now, signal);
      } catch (error) {
        // The place goes back; those behind keep the times they were given.
        sent.splice(sent.indexOf(at), 1);
        throw error;
      } finally {
        waiting -= 1;
      }
      return clock.now() - now;
    },
  };
}
