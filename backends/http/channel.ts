/** The way to one backend: breaker, retries within a budget, token with one renewal on 401, a span per attempt. */
import type { Tracer } from "@opentelemetry/api";
import type { PolicyConfig } from "../../config/schema.ts";
import type { Secret } from "../auth/secret.ts";
import type { Clock } from "../clock.ts";
import { BackendError, type BackendErrorCode } from "../errors.ts";
import { fault } from "../fault.ts";
import { failSpan, startAttemptSpan } from "./attempt-span.ts";
import { attempt } from "./attempt.ts";
import { backoffMs, RETRY_BACKOFF, wishedWaitMs } from "./backoff.ts";
import { createBreaker, type Breaker, type Permit } from "./breaker.ts";
import { nothingSent } from "./network-fault.ts";
import type { ConnectionPool } from "./pool.ts";
import type { Reply } from "./reply.ts";
import { createRetryBudget } from "./retry-budget.ts";
import type { Scope } from "./scope.ts";

export interface ChannelRequest {
  /** What the call is for: names its span. */
  operation: string;
  method: "GET" | "POST" | "DELETE";
  url: string;
  /** Lower-case names; never credentials of the workspace. */
  headers?: Record<string, string>;
  body?: string;
  /** Statuses beside 2xx that are no failure. */
  accept_statuses?: number[];
  /** `false` for calls that change something: then only what surely did nothing is repeated. */
  repeatable?: boolean;
  /** `false` sends no token although the scope has an identity. */
  send_token?: boolean;
}

export interface Channel {
  readonly name: string;
  readonly breaker: Breaker;
  readonly counters: ChannelCounters;
  /**
   * Sends and hands the reply to `read`, which must consume or discard it. Throws `BackendError`, or the reason of
   * `scope.signal` when that is aborted. Only failures before the reply are repeated.
   */
  call<T>(scope: Scope, request: ChannelRequest, read: (reply: Reply) => Promise<T>): Promise<T>;
}

export interface ChannelCounters {
  calls: number;
  retries: number;
  failures: Partial<Record<BackendErrorCode, number>>;
}

export interface ChannelDeps {
  pool: ConnectionPool;
  clock: Clock;
  /** Numbers in [0, 1). */
  random: () => number;
  tracer: Tracer;
}

/** Failures that speak of the backend's health rather than of the question or the identity. */
const UNHEALTHY: ReadonlySet<BackendErrorCode> = new Set<BackendErrorCode>([
  "unavailable",
  "connect_failed",
  "interrupted",
  "server_error",
  "timeout",
]);

export function createChannel(name: string, policy: PolicyConfig, deps: ChannelDeps): Channel {
  const breaker = createBreaker(policy.breaker_failures, policy.breaker_reset_ms, deps.clock);
  const budget = createRetryBudget();
  const counters: ChannelCounters = { calls: 0, retries: 0, failures: {} };

  async function once<T>(
    scope: Scope,
    request: ChannelRequest,
    token: Secret | null,
    read: Read<T>,
  ): Promise<T> {
    scope.signal.throwIfAborted();
    scope.spent.attempts += 1;
    counters.calls += 1;
    const span = startAttemptSpan(deps.tracer, {
      backend: name,
      operation: request.operation,
      method: request.method,
      url: new URL(request.url),
      attempt: scope.spent.attempts,
    });
    try {
      const reply = await attempt({
        backend: name,
        dispatcher: deps.pool.dispatcher(policy.connect_timeout_ms),
        request,
        token,
        span,
        signal: scope.signal,
        idle_timeout_ms: policy.idle_timeout_ms,
        max_bytes: policy.max_bytes,
        now: deps.clock.now(),
      });
      return await read(reply).catch((error: unknown) => {
        reply.destroy();
        throw new AfterReply(error);
      });
    } catch (error) {
      failSpan(span, error instanceof AfterReply ? error.cause : error);
      throw error;
    } finally {
      span.end();
    }
  }

  /** A token that the server refuses is renewed once; whoever comes meanwhile gets the new one too. */
  async function authorized<T>(scope: Scope, request: ChannelRequest, read: Read<T>): Promise<T> {
    const identity = request.send_token === false ? null : scope.identity;
    if (identity === null) return await once(scope, request, null, read);
    const token = await identity.token(scope.signal);
    try {
      return await once(scope, request, token, read);
    } catch (error) {
      const refused = error instanceof BackendError && error.detail.status === 401;
      if (!refused || !identity.renew(token)) throw error;
      return await once(scope, request, await identity.token(scope.signal), read);
    }
  }

  async function repeated<T>(scope: Scope, request: ChannelRequest, read: Read<T>): Promise<T> {
    budget.deposit();
    for (let tries = 1; ; tries += 1) {
      try {
        return await authorized(scope, request, read);
      } catch (error) {
        if (error instanceof AfterReply) throw error.cause;
        if (!(error instanceof BackendError)) throw error;
        const wait = waitBefore(tries, error, request, scope);
        if (wait === null) throw error;
        counters.retries += 1;
        scope.onRetry(wait, error);
        await deps.clock.sleep(wait, scope.signal);
      }
    }
  }

  /** Milliseconds until the next try, or null when there shall be none. */
  function waitBefore(
    tries: number,
    error: BackendError,
    request: ChannelRequest,
    scope: Scope,
  ): number | null {
    if (tries > policy.retries || !error.retryable) return null;
    if (request.repeatable === false && !didNothing(error)) return null;
    const asked = error.detail.retry_after_ms;
    const wait =
      asked === undefined ? backoffMs(tries, RETRY_BACKOFF, deps.random) : wishedWaitMs(asked, deps.random);
    if (deps.clock.now() + wait >= scope.deadline) return null;
    return budget.withdraw() ? wait : null;
  }

  return {
    name,
    breaker,
    counters,
    async call(scope, request, read) {
      const permit = breaker.enter();
      if (typeof permit === "number") throw closedFor(name, permit);
      try {
        const value = await repeated(scope, request, read);
        permit.success();
        return value;
      } catch (error) {
        settle(permit, error, scope);
        if (error instanceof BackendError) {
          counters.failures[error.code] = (counters.failures[error.code] ?? 0) + 1;
        }
        throw error;
      }
    },
  };
}

type Read<T> = (reply: Reply) => Promise<T>;

/** Marks what happened while a reply was read: text may have been passed on, so nothing is repeated. */
class AfterReply extends Error {
  constructor(cause: unknown) {
    super("failed after the reply began", { cause });
  }
}

function didNothing(error: BackendError): boolean {
  return error.code === "rate_limited" || error.detail.status === 503 || nothingSent(error);
}

function closedFor(backend: string, retry_after_ms: number): BackendError {
  const seconds = Math.max(1, Math.ceil(retry_after_ms / 1_000));
  return fault(
    "unavailable",
    { backend, retry_after_ms, attempts: 0 },
    `it failed repeatedly and is tried again in ${seconds} s`,
  );
}

function settle(permit: Permit, error: unknown, scope: Scope): void {
  if (!(error instanceof BackendError)) permit.release();
  else if (error.code === "timeout" && scope.signal.aborted && !scope.own_timeout) permit.release();
  else if (UNHEALTHY.has(error.code)) permit.failure();
  else permit.success();
}
