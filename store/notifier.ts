/** Wakes those in this process who wait for something new under a key. */

export interface Notifier {
  notify(key: string): void;
  /** Resolves at the next `notify` of the key, after `timeoutMs`, or when the signal aborts; never rejects. */
  next(key: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
}

export function notifier(): Notifier {
  const waiting = new Map<string, Set<() => void>>();
  return {
    notify: (key) => {
      for (const wake of waiting.get(key) ?? []) wake();
    },
    next: (key, timeoutMs, signal) =>
      new Promise((resolve) => {
        const wakes = waiting.get(key) ?? new Set();
        const wake = () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", wake);
          wakes.delete(wake);
          if (wakes.size === 0) waiting.delete(key);
          resolve();
        };
        const timer = setTimeout(wake, timeoutMs);
        signal.addEventListener("abort", wake, { once: true });
        waiting.set(key, wakes.add(wake));
      }),
  };
}
