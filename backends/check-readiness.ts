/** Looks at a backend's state for `/ready`, in the name of whoever would be asked for. */
import type { BackendConfig } from "../config/schema.ts";
import type { Readiness } from "./backend.ts";
import type { Caller } from "./caller.ts";
import { BackendError } from "./errors.ts";
import { fault, withHint, type Hints } from "./fault.ts";
import type { Channel } from "./http/channel.ts";
import { openScope, type Scope } from "./http/scope.ts";
import { readinessOf } from "./readiness.ts";
import type { Services } from "./services.ts";

const TIMEOUT_MS = 5_000;

export interface Looked {
  hints: Hints;
  channel: Channel;
  /** Throws `BackendError` for what is wrong. */
  check(scope: Scope): Promise<void>;
}

export async function checkReadiness(
  config: BackendConfig,
  { credentials, clock }: Services,
  looked: Looked,
  caller: Caller,
  signal: AbortSignal,
): Promise<Readiness> {
  const anonymous = caller.access_token === undefined;
  const identity = anonymous ? credentials.app : credentials.identity(config.identity, caller, config.name);
  const timedOut = () => fault("timeout", { backend: config.name });
  const scope = openScope({ signal, deadline: Infinity, timeout_ms: TIMEOUT_MS, identity, timedOut }, clock);
  try {
    await looked.check(scope);
    return readinessOf(null, looked.channel.breaker.state());
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return readinessOf(withHint(error, looked.hints), looked.channel.breaker.state());
  } finally {
    scope.end();
  }
}
