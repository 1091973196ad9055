/** A personal access token, or any bearer that was configured as it stands. */
import { Secret } from "./secret.ts";
import type { TokenSource } from "./token-source.ts";

export function createPatSource(token: string): TokenSource {
  const value = new Secret(token);
  return { auth_type: "pat", fetch: async () => ({ value, expires_at: null }) };
}
