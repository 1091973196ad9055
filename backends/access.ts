/** In whose name a backend would be asked for a caller, and what stands in the way: known before the first question. */
import type { BackendConfig } from "../config/schema.ts";
import type { Credentials } from "./auth/credentials.ts";
import { neededScopes } from "./auth/needed-scopes.ts";
import { tokenScopes } from "./auth/token-scopes.ts";
import type { Caller } from "./caller.ts";
import { BackendError } from "./errors.ts";
import { fault } from "./fault.ts";

export interface Access {
  /** The identity that a question would really be asked with; null when it could not be asked. */
  identity: "user" | "app" | null;
  /** One sentence with the fix, when something is missing. */
  problem: string | null;
}

/** Sends nothing. A token that does not tell its scopes is taken to have them. */
export function accessOf(config: BackendConfig, credentials: Credentials, caller: Caller): Access {
  try {
    const { used } = credentials.identity(config.identity, caller, config.name);
    return { identity: used, problem: used === "user" ? missingScope(config, caller) : null };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return { identity: null, problem: error.message };
  }
}

function missingScope(config: BackendConfig, { access_token = "" }: Caller): string | null {
  const needed = neededScopes(config);
  const held = tokenScopes(access_token);
  if (needed.length === 0 || held === null) return null;
  if (held.includes("all-apis") || needed.some((scope) => held.includes(scope))) return null;
  const hint = `its token lacks the scope \`${needed.join("` or `")}\`: add it to the app's \`user_api_scopes\` and sign in again`;
  return fault("forbidden", { backend: config.name }, hint).message;
}
