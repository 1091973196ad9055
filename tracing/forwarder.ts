/** Work that happens after the answer and must not hold it up: bounded, counted, never thrown. */

export interface Forwarder {
  /** Starts the work, or drops it when too much is under way. */
  start(what: string, work: () => Promise<void>): void;
  counts(): { done: number; failed: number; dropped: number };
  /** Resolves when what was started has ended. */
  settle(): Promise<void>;
}

export function createForwarder(most: number, onFailure: (what: string, error: unknown) => void): Forwarder {
  const running = new Set<Promise<void>>();
  const counts = { done: 0, failed: 0, dropped: 0 };
  return {
    start(what, work) {
      if (running.size >= most) {
        counts.dropped += 1;
        return;
      }
      const task = work()
        .then(() => void (counts.done += 1))
        .catch((error: unknown) => {
          counts.failed += 1;
          onFailure(what, error);
        })
        .finally(() => running.delete(task));
      running.add(task);
    },
    counts: () => ({ ...counts }),
    settle: async () => void (await Promise.all(running)),
  };
}
