/** Whose access token this is, as the workspace says (SCIM `Me`). */
import { z } from "zod";

export interface Principal {
  /** The user's email, or a service principal's application id. */
  name: string;
}

/** Null for a token that the workspace does not accept; throws when the workspace cannot be asked. */
export type Whoami = (token: string) => Promise<Principal | null>;

const Me = z.object({ userName: z.string().min(1) });
const PATIENCE_MS = 5_000;

/** `host` is the workspace's origin with its scheme. */
export function workspaceWhoami(host: string): Whoami {
  const url = new URL("/api/2.0/preview/scim/v2/Me", host);
  return async (token) => {
    const reply = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (reply.status >= 300 && reply.status < 500 && reply.status !== 429) {
      await reply.body?.cancel();
      return null;
    }
    if (!reply.ok) throw new Error(`SCIM Me answers with ${reply.status}`);
    return { name: Me.parse(await reply.json()).userName };
  };
}
