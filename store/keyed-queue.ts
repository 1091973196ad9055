/** First come, first served, one at a time per key, inside this process. */

export interface KeyedQueue {
  /**
   * Resolves with the function that lets the next one in, or with null when the key is taken and `wait` is false.
   * An aborted signal ends the waiting by rejecting with its reason.
   */
  enter(key: string, wait: boolean, signal: AbortSignal): Promise<(() => void) | null>;
}

export function keyedQueue(): KeyedQueue {
  const queues = new Map<string, (() => void)[]>();

  const leave = (key: string) => {
    const next = queues.get(key)?.shift();
    if (next === undefined) queues.delete(key);
    else next();
  };

  return {
    enter: async (key, wait, signal) => {
      signal.throwIfAborted();
      const waiting = queues.get(key);
      if (waiting === undefined) queues.set(key, []);
      else if (!wait) return null;
      else await turn(waiting, signal);
      return () => leave(key);
    },
  };
}

function turn(waiting: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = () => {
      signal.removeEventListener("abort", giveUp);
      resolve();
    };
    const giveUp = () => {
      waiting.splice(waiting.indexOf(go), 1);
      reject(signal.reason as Error);
    };
    waiting.push(go);
    signal.addEventListener("abort", giveUp, { once: true });
  });
}
