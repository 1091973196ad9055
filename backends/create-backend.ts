/** What all kinds have in common around their own `ask`: identity, place in the queue, deadline, span, bounds. */
import type { BackendConfig } from "../config/schema.ts";
import { accessOf } from "./access.ts";
import type { AnswerDraft } from "./answer-draft.ts";
import { traceAsk } from "./ask-span.ts";
import type { Backend, BackendAnswer, BackendRequest, CallContext } from "./backend.ts";
import type { BackendSnapshot } from "./backend-snapshot.ts";
import { checkReadiness } from "./check-readiness.ts";
import { BackendError } from "./errors.ts";
import { boundAnswer } from "./evidence/bound-answer.ts";
import { homePage, withAddress } from "./evidence/home-page.ts";
import { fault, withHint, type Hints } from "./fault.ts";
import type { Channel } from "./http/channel.ts";
import { createFairLimiter, type FairLimiter } from "./http/fair-limiter.ts";
import { withLoginLink } from "./http/login-required.ts";
import { openScope, type Scope } from "./http/scope.ts";
import { refuseEmpty } from "./refuse-empty.ts";
import type { Services } from "./services.ts";

/** One question under way. */
export interface Asking {
  request: BackendRequest;
  call: CallContext;
  scope: Scope;
}

export interface Kind {
  hints: Hints;
  channel: Channel;
  ask(asking: Asking): Promise<AnswerDraft>;
  /** Cheap look at the backend's state; throws `BackendError` for what is wrong. */
  check(scope: Scope): Promise<void>;
  /** Hosts, beside the workspace's, that may ask a user to log in. */
  login_hosts?: () => readonly string[];
  close?(): Promise<void>;
}

export interface ManagedBackend extends Backend {
  snapshot(): BackendSnapshot;
}

type Counters = Pick<BackendSnapshot, "asked" | "answered" | "failed" | "cached">;

export function createBackend(config: BackendConfig, services: Services, kind: Kind): ManagedBackend {
  const limiter = createFairLimiter(config.policy.concurrency, config.policy.queue);
  const page = homePage(config, services.host);
  const counters: Counters = { asked: 0, answered: 0, failed: 0, cached: 0 };

  function finished(error: BackendError, scope: Scope): BackendError {
    const shown = withLoginLink(error, [new URL(services.host).host, ...(kind.login_hosts?.() ?? [])]);
    return shown.detail.attempts === undefined ? withHint(shown, kind.hints, scope.spent.attempts) : shown;
  }

  async function ask(request: BackendRequest, call: CallContext): Promise<BackendAnswer> {
    const scope = scopeOf(config, services, call);
    try {
      const leave = await takePlace(limiter, config.name, scope, call, services);
      try {
        const draft = await kind.ask({ request, call, scope });
        refuseEmpty(config.name, draft);
        const evidence = draft.evidence.map((item) => withAddress(item, page));
        return boundAnswer(completed({ ...draft, evidence }, scope));
      } finally {
        leave();
      }
    } catch (error) {
      throw error instanceof BackendError ? finished(error, scope) : error;
    } finally {
      scope.end();
    }
  }

  return {
    name: config.name,
    config,
    ask: counting(counters, (request, call) => traceAsk(services, config, () => ask(request, call))),
    check: (caller, signal) => checkReadiness(config, services, kind, caller, signal),
    access: (caller) => accessOf(config, services.credentials, caller),
    snapshot: () => ({
      ...trafficOf(config, kind.channel),
      active: limiter.active(),
      waiting: limiter.waiting(),
      ...counters,
    }),
    close: async () => await kind.close?.(),
  };
}

function counting(counters: Counters, ask: Backend["ask"]): Backend["ask"] {
  return async (request, call) => {
    counters.asked += 1;
    try {
      const answer = await ask(request, call);
      counters.answered += 1;
      if (answer.cached) counters.cached += 1;
      return answer;
    } catch (error) {
      counters.failed += 1;
      throw error;
    }
  };
}

function trafficOf({ name, kind, identity }: BackendConfig, { breaker, counters }: Channel) {
  const { calls, retries, failures } = counters;
  return { name, kind, identity, breaker: breaker.state(), calls, retries, failures: { ...failures } };
}

function scopeOf(config: BackendConfig, services: Services, call: CallContext) {
  call.signal.throwIfAborted();
  return openScope(
    {
      signal: call.signal,
      deadline: call.deadline,
      timeout_ms: config.timeout_ms,
      identity: services.credentials.identity(config.identity, call.caller, config.name),
      timedOut: () => fault("timeout", { backend: config.name }),
      onRetry(wait_ms, reason) {
        const seconds = (wait_ms / 1_000).toFixed(1);
        call.onProgress({
          status: "retrying",
          message: `${config.name}: ${reason.code}, next try in ${seconds} s.`,
        });
      },
    },
    services.clock,
  );
}

async function takePlace(
  limiter: FairLimiter,
  backend: string,
  scope: Scope,
  call: CallContext,
  { clock }: Services,
): Promise<() => void> {
  const since = clock.now();
  const place = limiter.acquire(call.caller.subject, scope.signal);
  if (limiter.waiting() > 0) call.onProgress({ status: "queued", message: `${backend} is busy; the question waits its turn.` }); // prettier-ignore
  const leave = await place;
  if (leave === null) throw fault("busy", { backend, attempts: 0 });
  scope.spent.queued_ms += clock.now() - since;
  return leave;
}

function completed(draft: AnswerDraft, scope: Scope): BackendAnswer {
  return {
    ...draft,
    suggested_questions: draft.suggested_questions ?? [],
    identity: scope.identity?.used ?? "app",
    attempts: scope.spent.attempts,
    queued_ms: scope.spent.queued_ms,
    cached: draft.cached ?? false,
  };
}
