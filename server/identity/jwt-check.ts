/** Verifies bearer tokens of a configured issuer by its published keys. */
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { RequestError } from "../errors.ts";

export interface JwtConfig {
  jwks_url: string;
  issuer?: string;
  audience?: string;
  subject_claim: string;
}

/** The subject; null for a token that this issuer did not give or that is no longer valid. */
export function jwtCheck(config: JwtConfig): (token: string) => Promise<string | null> {
  const keys = createRemoteJWKSet(new URL(config.jwks_url), { timeoutDuration: 5_000 });
  return async (token) => {
    try {
      const { issuer, audience } = config;
      const { payload } = await jwtVerify(token, keys, { issuer, audience, requiredClaims: ["exp"] });
      const subject = payload[config.subject_claim];
      return typeof subject === "string" && subject !== "" ? subject : null;
    } catch (cause) {
      if (!(cause instanceof errors.JOSEError)) throw unavailable(cause);
      if (cause instanceof errors.JWKSTimeout || cause.code === "ERR_JOSE_GENERIC") throw unavailable(cause);
      return null;
    }
  };
}

function unavailable(cause: unknown): RequestError {
  return new RequestError("unavailable", "The keys to verify your token could not be fetched.", {
    headers: { "retry-after": "2" },
    cause,
  });
}
