/** One signal that follows several, and lets go of them: `AbortSignal.any` would stay with long-lived ones. */

export interface FirstAbort {
  readonly signal: AbortSignal;
  follow(source: AbortSignal): void;
  abort(reason: unknown): void;
  release(): void;
}

export function firstAbort(...sources: AbortSignal[]): FirstAbort {
  const controller = new AbortController();
  const releases: (() => void)[] = [];
  const follow = (source: AbortSignal) => {
    const onAbort = () => controller.abort(source.reason);
    if (source.aborted) return onAbort();
    source.addEventListener("abort", onAbort, { once: true });
    releases.push(() => source.removeEventListener("abort", onAbort));
  };
  for (const source of sources) follow(source);
  return {
    signal: controller.signal,
    follow,
    abort: (reason) => controller.abort(reason),
    release: () => {
      for (const release of releases) release();
    },
  };
}
