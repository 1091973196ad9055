/** Keeps one token fresh: one request at a time, however many callers wait for it. */
import type { Clock } from "../clock.ts";
import { withSignal } from "../with-signal.ts";
import type { Secret } from "./secret.ts";
import type { Token, TokenSource } from "./token-source.ts";

/** Longest time before expiry at which a token is replaced; Azure rejects tokens with 30 s left (contracts section 6). */
const MAX_MARGIN_MS = 60_000;
/** Share of a token's life that the margin takes, for tokens that live shorter than ten minutes. */
const MARGIN_SHARE = 0.1;
/** A token request belongs to nobody in particular, so it has a limit of its own. */
const FETCH_TIMEOUT_MS = 30_000;

export interface TokenCache {
  get(signal: AbortSignal): Promise<Secret>;
  /** After a 401: forgets this very token. False when a new one cannot differ. */
  drop(stale: Secret): boolean;
}

export function createTokenCache(source: TokenSource, clock: Clock): TokenCache {
  let held: { token: Token; renew_at: number } | null = null;
  let under_way: Promise<Token> | null = null;

  const renew = async (): Promise<Token> => {
    const started = clock.now();
    const token = await source.fetch(AbortSignal.timeout(FETCH_TIMEOUT_MS));
    const life = token.expires_at === null ? Infinity : token.expires_at - started;
    const margin = Math.min(MAX_MARGIN_MS, life * MARGIN_SHARE);
    held = { token, renew_at: started + life - margin };
    return token;
  };

  const single = (): Promise<Token> => {
    under_way ??= renew().finally(() => {
      under_way = null;
    });
    return under_way;
  };

  return {
    async get(signal) {
      if (held !== null && clock.now() < held.renew_at) return held.token.value;
      const old = held?.token ?? null;
      try {
        return (await withSignal(single(), signal)).value;
      } catch (error) {
        // The token server may be down while the old token still opens doors.
        if (!signal.aborted && old?.expires_at != null && clock.now() < old.expires_at) return old.value;
        throw error;
      }
    },
    drop(stale) {
      if (source.auth_type === "pat") return false;
      if (held?.token.value.equals(stale)) held = null;
      return true;
    },
  };
}
