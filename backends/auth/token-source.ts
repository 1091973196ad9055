/** Where access tokens of one identity come from. */
import type { Secret } from "./secret.ts";

export type AuthType =
  "pat" | "oauth-m2m" | "databricks-cli" | "azure-client-secret" | "azure-cli" | "google";

export interface Token {
  value: Secret;
  /** Epoch milliseconds; null: never, as far as is known. */
  expires_at: number | null;
}

export interface TokenSource {
  readonly auth_type: AuthType;
  /** One request for a new token; throws `BackendError` `unauthorized` or `connect_failed`. */
  fetch(signal: AbortSignal): Promise<Token>;
}
