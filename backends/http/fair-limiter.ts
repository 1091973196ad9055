/** Lets a bounded number of calls through at once; who waits gets a place in turn per caller, not per call. */

export interface FairLimiter {
  /** Resolves with a function that gives the place back; null when the queue is full. */
  acquire(caller: string, signal: AbortSignal): Promise<(() => void) | null>;
  active(): number;
  waiting(): number;
}

interface Waiter {
  caller: string;
  admit(): void;
}

export function createFairLimiter(places: number, queue: number): FairLimiter {
  const running = new Map<string, number>();
  const waiters: Waiter[] = [];
  let active = 0;

  const begin = (caller: string): (() => void) => {
    active += 1;
    running.set(caller, (running.get(caller) ?? 0) + 1);
    let given_back = false;
    return () => {
      if (given_back) return;
      given_back = true;
      active -= 1;
      const left = (running.get(caller) ?? 1) - 1;
      if (left === 0) running.delete(caller);
      else running.set(caller, left);
      next();
    };
  };

  /** The longest waiting of those whose caller has the fewest places. */
  const next = (): void => {
    if (active >= places) return;
    let best = -1;
    let fewest = Infinity;
    for (const [at, waiter] of waiters.entries()) {
      const held = running.get(waiter.caller) ?? 0;
      if (held < fewest) [best, fewest] = [at, held];
    }
    if (best >= 0) waiters.splice(best, 1)[0]?.admit();
  };

  return {
    active: () => active,
    waiting: () => waiters.length,
    async acquire(caller, signal) {
      signal.throwIfAborted();
      if (active < places) return begin(caller);
      if (waiters.length >= queue) return null;
      return await new Promise<() => void>((resolve, reject) => {
        const waiter: Waiter = {
          caller,
          admit() {
            signal.removeEventListener("abort", onAbort);
            resolve(begin(caller));
          },
        };
        const onAbort = () => {
          waiters.splice(waiters.indexOf(waiter), 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", onAbort, { once: true });
        waiters.push(waiter);
      });
    },
  };
}
