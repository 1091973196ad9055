/** Background runs of this process: those that it was asked for, and those that it takes over from others. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Caller } from "../../backends/caller.ts";
import type { RunLease } from "../../store/run-lease.ts";
import { inboundSpan } from "../../tracing/inbound.ts";
import type { ServerDeps } from "../deps.ts";
import { runJob } from "./run-job.ts";

export interface BackgroundRuns {
  /** Works on the run, unless somebody does already. `caller` is the owner, with their token where there is one. */
  takeUp(runId: string, caller: Caller | null, ended?: () => void): Promise<void>;
  /** The owner is here: runs that wait for their token go on. */
  wake(caller: Caller): void;
  /** Begins to look for runs that nobody living works on. */
  start(): void;
  /**
   * Gives every run back behind the step that is under way, or after `patience_ms` at once, so that other processes
   * go on with them; takes no more.
   */
  drain(patience_ms?: number): Promise<void>;
  readonly draining: AbortSignal;
}

const SCAN_MS = 1_000;
const WAKE_MS = 2_000;

/** Runs that are taken over in one go; the rest is left to other processes for a moment. */
const TAKEN_AT_ONCE = 16;
const NEXT_GO_MS = 50;

/** Runs of other processes that this one works on at most. */
const MOST_TAKEN_OVER = 256;

export function backgroundRuns(services: ServerDeps): BackgroundRuns {
  const { store, logger, watch } = services;
  const drained = new AbortController();
  const hurried = new AbortController();
  const working = new Set<Promise<void>>();
  const woken = new Map<string, number>();
  let takenOver = 0;
  const deps = { services, log: logger, draining: drained.signal, hurry: hurried.signal };

  const observed = (lease: RunLease, caller: Caller | null): Promise<void> => {
    if (watch === undefined) return runJob(deps, lease, caller);
    const attributes = { "orchestrator.run_id": lease.run.id, "orchestrator.attempt": lease.run.attempt };
    const user = watch.userId(lease.run.owner);
    return inboundSpan({ name: "background run", headers: {}, adopt: false, user, attributes }, () =>
      runJob(deps, lease, caller),
    );
  };

  const takeUp = async (runId: string, caller: Caller | null, ended?: () => void): Promise<void> => {
    const lease = drained.signal.aborted ? null : await store.runs.claim(runId);
    if (lease === null) return ended?.();
    const owner = caller?.subject === lease.run.owner ? caller : null;
    const work = observed(lease, owner).finally(() => {
      working.delete(work);
      ended?.();
    });
    working.add(work);
  };

  /** Returns whether there may be more. */
  const takeOver = async (caller: Caller | null): Promise<boolean> => {
    const room = Math.min(TAKEN_AT_ONCE, MOST_TAKEN_OVER - takenOver);
    if (room <= 0) return false;
    const ids = await store.runs.claimable(room, caller?.subject);
    takenOver += ids.length;
    const leave = () => void (takenOver -= 1);
    await Promise.all(
      ids.map((id) =>
        takeUp(id, caller, leave).catch((err: unknown) => {
          leave();
          throw err;
        }),
      ),
    );
    return ids.length === TAKEN_AT_ONCE;
  };

  const scan = async (): Promise<void> => {
    while (!drained.signal.aborted) {
      const more = await takeOver(null).catch((err: unknown) => {
        logger.warn({ err }, "runs could not be looked for");
        return false;
      });
      const pause = more ? NEXT_GO_MS : SCAN_MS;
      await sleep(pause, undefined, { signal: drained.signal, ref: false }).catch(() => undefined);
    }
  };

  return {
    takeUp,
    wake: (caller) => {
      const now = services.clock();
      if (caller.access_token === undefined || (woken.get(caller.subject) ?? 0) > now - WAKE_MS) return;
      if (woken.size > 1_000) woken.clear();
      woken.set(caller.subject, now);
      takeOver(caller).catch((err: unknown) => logger.warn({ err }, "waiting runs could not be looked for"));
    },
    start: () => void scan(),
    drain: async (patience_ms = 0) => {
      const reason = new DOMException("the process is about to end", "AbortError");
      drained.abort(reason);
      const hurry = setTimeout(() => hurried.abort(reason), patience_ms);
      await Promise.all(working);
      clearTimeout(hurry);
    },
    draining: drained.signal,
  };
}
