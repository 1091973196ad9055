/** Identities: the user's own token where the backend wants it, else the one of this process. */
import { createHash } from "node:crypto";
import type { Caller } from "../caller.ts";
import type { Clock } from "../clock.ts";
import { fault } from "../fault.ts";
import type { Identity } from "./identity.ts";
import { Secret } from "./secret.ts";
import { createTokenCache } from "./token-cache.ts";
import type { AuthType, TokenSource } from "./token-source.ts";

export interface Credentials {
  readonly auth_type: AuthType;
  /** The identity of this process. */
  readonly app: Identity;
  /** Throws `BackendError` `needs_user` when the backend wants a user and none came along. */
  identity(wanted: "user" | "app", caller: Caller, backend: string): Identity;
}

/**
 * Methods that stand for a person at a keyboard. Outside an App they may speak for the user;
 * a service principal never does.
 */
const PERSONAL: ReadonlySet<AuthType> = new Set<AuthType>(["pat", "databricks-cli", "azure-cli"]);

export function createCredentials(source: TokenSource, clock: Clock, inside_app: boolean): Credentials {
  const cache = createTokenCache(source, clock);
  const app: Identity = {
    used: "app",
    get auth_type() {
      return source.auth_type;
    },
    key: "app",
    token: (signal) => cache.get(signal),
    renew: (stale) => cache.drop(stale),
  };
  return {
    get auth_type() {
      return source.auth_type;
    },
    app,
    identity(wanted, caller, backend) {
      if (wanted === "app") return app;
      if (caller.access_token !== undefined && caller.access_token !== "")
        return userIdentity(caller.access_token);
      if (!inside_app && PERSONAL.has(source.auth_type)) return app;
      throw fault("needs_user", { backend });
    },
  };
}

export function userIdentity(access_token: string): Identity {
  const secret = new Secret(access_token);
  return {
    used: "user",
    auth_type: "forwarded",
    key: `user:${tokenHash(access_token)}`,
    token: async () => secret,
    renew: () => false,
  };
}

/** SHA-256, hex: names a token in caches without keeping it. */
export function tokenHash(access_token: string): string {
  return createHash("sha256").update(access_token).digest("hex");
}
