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

/** Places held now, and when one was last given, counted in turns. */
interface Share {
  held: number;
  turn: number;
}

export function createFairLimiter(places: number, queue: number): FairLimiter {
  const callers = new Map<string, Share>();
  const waiters: Waiter[] = [];
  let active = 0;
  let turn = 0;

  const begin = (caller: string): (() => void) => {
    active += 1;
    turn += 1;
    callers.set(caller, { held: (callers.get(caller)?.held ?? 0) + 1, turn });
    let given_back = false;
    return () => {
      if (given_back) return;
      given_back = true;
      active -= 1;
      const share = callers.get(caller);
      if (share !== undefined) share.held -= 1;
      next();
      // The place may have gone to the same caller.
      if (callers.get(caller)?.held === 0 && !waiters.some((waiter) => waiter.caller === caller))
        callers.delete(caller);
    };
  };

  const next = (): void => {
    if (active >= places) return;
    const best = firstInTurn(waiters, callers);
    if (best === undefined) return;
    waiters.splice(waiters.indexOf(best), 1);
    best.admit();
  };

  return {
    active: () => active,
    waiting: () => waiters.length,
    async acquire(caller, signal) {
      signal.throwIfAborted();
      if (active < places) return begin(caller);
      if (waiters.length >= queue) return null;
      return await inLine(waiters, caller, signal, () => begin(caller));
    },
  };
}

/** The longest waiting of the caller with the fewest places; among those, of who has waited longest for a turn. */
function firstInTurn(waiters: Waiter[], callers: ReadonlyMap<string, Share>): Waiter | undefined {
  const rank = ({ caller }: Waiter) => callers.get(caller) ?? { held: 0, turn: 0 };
  let best: Waiter | undefined;
  for (const waiter of waiters) {
    const [one, other] = [rank(waiter), best === undefined ? null : rank(best)];
    if (other === null || one.held < other.held || (one.held === other.held && one.turn < other.turn))
      best = waiter;
  }
  return best;
}

/** Begins in the moment when it is the caller's turn; who leaves the line rejects with the signal's reason. */
function inLine<T>(waiters: Waiter[], caller: string, signal: AbortSignal, begin: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const waiter: Waiter = {
      caller,
      admit() {
        signal.removeEventListener("abort", onAbort);
        resolve(begin());
      },
    };
    const onAbort = () => {
      waiters.splice(waiters.indexOf(waiter), 1);
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    waiters.push(waiter);
  });
}
