/** In whose name a call is made. */
import type { Secret } from "./secret.ts";
import type { AuthType } from "./token-source.ts";

export interface Identity {
  /** Whose token is really sent: the asking user's own, or the one of this process. */
  readonly used: "user" | "app";
  readonly auth_type: AuthType | "forwarded";
  /** Names this identity in caches and sessions; two users never share one, and it is no token. */
  readonly key: string;
  token(signal: AbortSignal): Promise<Secret>;
  /** After a 401 for this token: true when another one can be had. */
  renew(stale: Secret): boolean;
}
