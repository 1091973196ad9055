/** Verifies access tokens against the workspace, at most once per token in a while. Keeps hashes, never tokens. */
import { createHash } from "node:crypto";
import { RequestError } from "../errors.ts";
import type { Principal, Whoami } from "./whoami.ts";

const GOOD_MS = 300_000;
const BAD_MS = 30_000;
const MOST = 10_000;

interface Known {
  until: number;
  principal: Promise<Principal | null>;
}

/** Null for a token that is not valid; throws 503 when that cannot be found out. */
export function tokenCheck(whoami: Whoami, clock: () => number): Whoami {
  const known = new Map<string, Known>();
  return async (token) => {
    const hash = createHash("sha256").update(token).digest("base64");
    const found = known.get(hash);
    if (found !== undefined && found.until > clock()) return found.principal;
    const entry: Known = { until: clock() + GOOD_MS, principal: asked(whoami, token) };
    known.delete(hash);
    known.set(hash, entry);
    const oldest = known.size > MOST ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    try {
      const principal = await entry.principal;
      if (principal === null) entry.until = clock() + BAD_MS;
      return principal;
    } catch (error) {
      if (known.get(hash) === entry) known.delete(hash);
      throw error;
    }
  };
}

async function asked(whoami: Whoami, token: string): Promise<Principal | null> {
  try {
    return await whoami(token);
  } catch (cause) {
    throw new RequestError("unavailable", "The workspace could not be asked who you are.", {
      headers: { "retry-after": "2" },
      cause,
    });
  }
}
