/** Repeats a job in the background without keeping the process alive and without overlapping itself. */

export interface Regular {
  /** Ends the repetition; resolves when a job under way has ended. */
  stop(): Promise<void>;
}

/** The first time is one interval from now. A failure goes to `onError`, and the job comes again. */
export function regularly(
  everyMs: number,
  job: (signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void,
): Regular {
  const stopping = new AbortController();
  let running = Promise.resolve();
  let busy = false;

  const once = async () => {
    busy = true;
    try {
      await job(stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) onError(error);
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => {
    if (!busy) running = once();
  }, everyMs);
  timer.unref();

  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}
