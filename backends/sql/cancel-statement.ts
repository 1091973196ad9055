/** Stops a statement on the warehouse after its question was given up; failing to is no one's problem. */
import type { Identity } from "../auth/identity.ts";
import { fault } from "../fault.ts";
import type { Channel } from "../http/channel.ts";
import { openScope } from "../http/scope.ts";
import type { Services } from "../services.ts";

const TIMEOUT_MS = 5_000;

export async function cancelStatement(
  channel: Channel,
  services: Services,
  identity: Identity | null,
  url: string,
): Promise<void> {
  const timedOut = () => fault("timeout", { backend: channel.name });
  const signal = new AbortController().signal;
  const scope = openScope(
    { signal, deadline: Infinity, timeout_ms: TIMEOUT_MS, identity, timedOut },
    services.clock,
  );
  try {
    await channel.call(scope, { operation: "sql.cancel", method: "POST", url, body: "{}" }, async (reply) =>
      reply.discard(),
    );
  } catch {
    // It ends by the warehouse's own limits then.
  } finally {
    scope.end();
  }
}
