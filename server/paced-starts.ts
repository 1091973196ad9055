/** Lets one run begin per turn of the event loop, so that a burst of requests does not hold up the streams that are open. */

/** Resolves at once when no other run began just now; else in the order of the calls. */
export type PacedStart = () => Promise<void>;

/** Routing, checkpoints and the first calls of a run take some milliseconds of this process without a pause. */
export function pacedStarts(): PacedStart {
  const waiting: (() => void)[] = [];
  let busy = false;
  const next = () => {
    const go = waiting.shift();
    if (go === undefined) {
      busy = false;
      return;
    }
    setImmediate(next);
    go();
  };
  return () => {
    if (busy) return new Promise((resolve) => void waiting.push(resolve));
    busy = true;
    setImmediate(next);
    return Promise.resolve();
  };
}
