/** What one question (or model call) spends on all its HTTP calls together: one deadline, one identity, one count. */
import { setMaxListeners } from "node:events";
import type { Identity } from "../auth/identity.ts";
import type { Clock } from "../clock.ts";
import type { BackendError } from "../errors.ts";

export interface Scope {
  /** Aborted by the caller, or by the deadline with a `BackendError` `timeout` as reason. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds: the earlier of the request's deadline and the own timeout. */
  readonly deadline: number;
  /** Whether the own timeout is the one that ends first; a foreign deadline says nothing about the backend. */
  readonly own_timeout: boolean;
  readonly identity: Identity | null;
  /** Grows with every call made. */
  readonly spent: { attempts: number; queued_ms: number };
  onRetry(wait_ms: number, reason: BackendError): void;
}

export interface ScopeInput {
  signal: AbortSignal;
  /** Epoch milliseconds. */
  deadline: number;
  timeout_ms: number;
  identity: Identity | null;
  onRetry?: Scope["onRetry"];
  /** The reason of the abort when time is up. */
  timedOut(): BackendError;
}

/** `end` must be called when the work is done: it lets go of the caller's signal and of the timer. */
export function openScope(input: ScopeInput, clock: Clock): Scope & { end(): void } {
  const now = clock.now();
  const deadline = Math.min(input.deadline, now + input.timeout_ms);
  const controller = new AbortController();
  const onAbort = () => controller.abort(input.signal.reason);
  const timer = setTimeout(() => controller.abort(input.timedOut()), Math.max(0, deadline - now));
  if (input.signal.aborted) onAbort();
  // Steps that run at once share the run's signal: many listeners are no leak here.
  setMaxListeners(0, input.signal, controller.signal);
  input.signal.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    deadline,
    own_timeout: now + input.timeout_ms <= input.deadline,
    identity: input.identity,
    spent: { attempts: 0, queued_ms: 0 },
    onRetry: input.onRetry ?? (() => undefined),
    end() {
      clearTimeout(timer);
      input.signal.removeEventListener("abort", onAbort);
    },
  };
}
