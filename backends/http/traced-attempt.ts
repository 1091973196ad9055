/** One attempt inside its span, the reading of its reply included. */
import type { Tracer } from "@opentelemetry/api";
import type { Secret } from "../auth/secret.ts";
import type { PolicyConfig } from "../../config/schema.ts";
import type { Clock } from "../clock.ts";
import { failSpan, startAttemptSpan } from "./attempt-span.ts";
import { attempt } from "./attempt.ts";
import type { ConnectionPool } from "./pool.ts";
import type { Reply } from "./reply.ts";
import type { ChannelRequest } from "./request.ts";
import type { Scope } from "./scope.ts";

export interface Attempting {
  backend: string;
  policy: PolicyConfig;
  pool: ConnectionPool;
  clock: Clock;
  tracer: Tracer;
}

export type Read<T> = (reply: Reply) => Promise<T>;

/** Marks what happened while a reply was read: text may have been passed on, so nothing is repeated. */
export class AfterReply extends Error {
  constructor(cause: unknown) {
    super("failed after the reply began", { cause });
  }
}

export async function tracedAttempt<T>(
  { backend, policy, pool, clock, tracer }: Attempting,
  scope: Scope,
  request: ChannelRequest,
  token: Secret | null,
  read: Read<T>,
): Promise<T> {
  scope.signal.throwIfAborted();
  scope.spent.attempts += 1;
  const span = startAttemptSpan(tracer, {
    backend,
    operation: request.operation,
    method: request.method,
    url: new URL(request.url),
    attempt: scope.spent.attempts,
  });
  try {
    const reply = await attempt({
      backend,
      dispatcher: pool.dispatcher(policy.connect_timeout_ms),
      request,
      token,
      span,
      signal: scope.signal,
      idle_timeout_ms: policy.idle_timeout_ms,
      max_bytes: policy.max_bytes,
      now: clock.now(),
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
