/** The way to one backend: circuit breaker, retries within a budget, tokens, a span per attempt. */
import type { Tracer } from "@opentelemetry/api";
import type { PolicyConfig } from "../../config/schema.ts";
import type { Clock } from "../clock.ts";
import { BackendError, type BackendErrorCode } from "../errors.ts";
import { fault } from "../fault.ts";
import { authorized, NoToken } from "./authorized.ts";
import { createBreaker, type Breaker } from "./breaker.ts";
import type { ConnectionPool } from "./pool.ts";
import type { ChannelRequest } from "./request.ts";
import { createRetryBudget } from "./retry-budget.ts";
import { retryWaitMs } from "./retry-wait.ts";
import type { Scope } from "./scope.ts";
import { settleFailure } from "./settle-permit.ts";
import { AfterReply, tracedAttempt, type Read } from "./traced-attempt.ts";

export interface Channel {
  readonly name: string;
  readonly breaker: Breaker;
  readonly counters: ChannelCounters;
  /**
   * Sends and hands the reply to `read`, which must consume or discard it. Throws `BackendError`, or the reason of
   * `scope.signal` when that is aborted. Only failures before the reply are repeated.
   */
  call<T>(scope: Scope, request: ChannelRequest, read: Read<T>): Promise<T>;
}

export interface ChannelCounters {
  /** Attempts. */
  calls: number;
  retries: number;
  /** Calls that failed for good. */
  failures: Partial<Record<BackendErrorCode, number>>;
}

export interface ChannelDeps {
  pool: ConnectionPool;
  clock: Clock;
  /** Numbers in [0, 1). */
  random: () => number;
  tracer: Tracer;
}

export function createChannel(name: string, policy: PolicyConfig, deps: ChannelDeps): Channel {
  const breaker = createBreaker(policy.breaker_failures, policy.breaker_reset_ms, deps.clock);
  const retrying = { retries: policy.retries, budget: createRetryBudget(), random: deps.random };
  const counters: ChannelCounters = { calls: 0, retries: 0, failures: {} };
  const attempting = { backend: name, policy, ...deps };

  async function send<T>(scope: Scope, request: ChannelRequest, read: Read<T>): Promise<T> {
    return await authorized(scope, request, async (token) => {
      counters.calls += 1;
      return await tracedAttempt(attempting, scope, request, token, read);
    });
  }

  async function sendRepeatedly<T>(scope: Scope, request: ChannelRequest, read: Read<T>): Promise<T> {
    retrying.budget.deposit();
    for (let tries = 1; ; tries += 1) {
      try {
        return await send(scope, request, read);
      } catch (error) {
        if (error instanceof AfterReply) throw error.cause;
        const wait = retryWaitMs(retrying, tries, error, request, scope.deadline - deps.clock.now());
        if (wait === null) throw error;
        counters.retries += 1;
        if (error instanceof BackendError) scope.onRetry(wait, error);
        await deps.clock.sleep(wait, scope.signal);
      }
    }
  }

  return {
    name,
    breaker,
    counters,
    async call(scope, request, read) {
      const permit = breaker.enter();
      if (typeof permit === "number") throw keptClosed(name, permit);
      try {
        const value = await sendRepeatedly(scope, request, read);
        permit.success();
        return value;
      } catch (raw) {
        settleFailure(permit, raw, scope);
        const error = raw instanceof NoToken ? raw.cause : raw;
        if (error instanceof BackendError)
          counters.failures[error.code] = (counters.failures[error.code] ?? 0) + 1;
        throw error;
      }
    },
  };
}

function keptClosed(backend: string, retry_after_ms: number): BackendError {
  const seconds = Math.max(1, Math.ceil(retry_after_ms / 1_000));
  const hint = `it failed repeatedly and is tried again in ${seconds} s`;
  return fault("unavailable", { backend, retry_after_ms }, hint);
}
