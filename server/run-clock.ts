/** The one deadline of a request, from its arrival: waiting for the thread, running and keeping all share it. */

/** Beyond its deadline a run gets so long to end by itself with what it has. */
const GRACE_MS = 1_000;

export interface RunClock {
  /** Epoch milliseconds. */
  deadline: number;
  /** Aborts when the client goes away, or some time after the deadline. */
  signal: AbortSignal;
  readonly late: boolean;
  /** Makes `signal` abort with this one too. */
  follow(source: AbortSignal): void;
  /** Lets go of the timer and of every signal. */
  stop(): void;
}

/** A timer of its own that is cleared: `AbortSignal.timeout` would stay for minutes after each short request. */
export function startRunClock(client: AbortSignal, now: number, deadlineMs: number): RunClock {
  const controller = new AbortController();
  const releases: (() => void)[] = [];
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    controller.abort(new DOMException("the deadline has passed", "TimeoutError"));
  }, deadlineMs + GRACE_MS);
  const follow = (source: AbortSignal) => {
    const onAbort = () => controller.abort(source.reason);
    if (source.aborted) return onAbort();
    source.addEventListener("abort", onAbort, { once: true });
    releases.push(() => source.removeEventListener("abort", onAbort));
  };
  follow(client);
  return {
    deadline: now + deadlineMs,
    signal: controller.signal,
    get late() {
      return late;
    },
    follow,
    stop: () => {
      clearTimeout(timer);
      for (const release of releases) release();
    },
  };
}
