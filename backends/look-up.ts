/** Questions about a backend rather than to it: asked with the app's own token, which may see such things. */
import type { Json } from "./backend.ts";
import { BackendError } from "./errors.ts";
import type { Channel } from "./http/channel.ts";
import type { Scope } from "./http/scope.ts";
import type { Services } from "./services.ts";

/** Not counted as an attempt of the question. Falls back to the user's token where the app's may not look. */
export async function lookUp(
  channel: Channel,
  services: Services,
  scope: Scope,
  operation: string,
  path: string,
): Promise<Json> {
  const request = { operation, method: "GET" as const, url: `${services.host}${path}` };
  const own = { ...scope, identity: services.credentials.app, spent: { attempts: 0, queued_ms: 0 } };
  try {
    return await channel.call(own, request, (reply) => reply.json());
  } catch (error) {
    const refused =
      error instanceof BackendError && (error.code === "forbidden" || error.code === "unauthorized");
    if (!refused || scope.identity?.used !== "user") throw error;
    return await channel.call({ ...own, identity: scope.identity }, request, (reply) => reply.json());
  }
}
