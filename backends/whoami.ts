/** Who a token belongs to: SCIM `Me`, the one identity that can be believed (contracts section 6). */
import { z } from "zod";
import { PolicyConfig } from "../config/schema.ts";
import { tokenHash, userIdentity } from "./auth/credentials.ts";
import { BackendError } from "./errors.ts";
import { createExpiringCache } from "./expiring-cache.ts";
import { fault } from "./fault.ts";
import { openScope } from "./http/scope.ts";
import type { Services } from "./services.ts";

export interface Person {
  /** `user:` and the user name, as in `Caller.subject`. */
  subject: string;
  email?: string;
}

/** Throws `BackendError`: `unauthorized` for a token that the workspace does not know. */
export type WhoAmI = (access_token: string, signal: AbortSignal) => Promise<Person>;

const TTL_MS = 300_000;
/** Wrong tokens are remembered for a short time, so that guessing does not become traffic. */
const REFUSED_TTL_MS = 10_000;
const MAX_ENTRIES = 10_000;
const TIMEOUT_MS = 10_000;

const Me = z.object({
  userName: z.string().min(1),
  active: z.boolean().nullish(),
  emails: z.array(z.object({ value: z.string(), primary: z.boolean().nullish() })).nullish(),
});

export function createWhoAmI(services: Services): WhoAmI {
  const known = createExpiringCache<Person>({ ttl_ms: TTL_MS, max_entries: MAX_ENTRIES }, services.clock);
  const refused = createExpiringCache<BackendError>(
    { ttl_ms: REFUSED_TTL_MS, max_entries: MAX_ENTRIES },
    services.clock,
  );
  const channel = services.channel("workspace", PolicyConfig.parse({}));

  return async (access_token, signal) => {
    const key = tokenHash(access_token);
    const person = known.get(key);
    if (person !== undefined) return person;
    const refusal = refused.get(key);
    if (refusal !== undefined) throw refusal;
    const timedOut = () => fault("timeout", { backend: "workspace" });
    const scope = openScope(
      { signal, deadline: Infinity, timeout_ms: TIMEOUT_MS, identity: userIdentity(access_token), timedOut },
      services.clock,
    );
    try {
      const url = `${services.host}/api/2.0/preview/scim/v2/Me`;
      const body = await channel.call(scope, { operation: "scim.me", method: "GET", url }, (reply) =>
        reply.json(),
      );
      const found = personOf(body);
      known.set(key, found);
      return found;
    } catch (error) {
      if (error instanceof BackendError && error.code === "unauthorized") refused.set(key, error);
      throw error;
    } finally {
      scope.end();
    }
  };
}

function personOf(body: unknown): Person {
  const me = Me.safeParse(body);
  if (!me.success) throw fault("malformed", { backend: "workspace" });
  const { userName, emails, active } = me.data;
  if (active === false) throw fault("unauthorized", { backend: "workspace" }, "the user is deactivated");
  const email = emails?.find(({ primary }) => primary === true)?.value ?? emails?.[0]?.value;
  return { subject: `user:${userName}`, email: email ?? (userName.includes("@") ? userName : undefined) };
}
