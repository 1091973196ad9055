/** What an endpoint speaks: `GET /api/2.0/serving-endpoints/{name}`, kept for a while (contracts section 4). */
import { z } from "zod";
import type { PolicyConfig } from "../../config/schema.ts";
import { createExpiringCache } from "../expiring-cache.ts";
import { BackendError } from "../errors.ts";
import { fault } from "../fault.ts";
import type { Scope } from "../http/scope.ts";
import { lookUp } from "../look-up.ts";
import type { Services } from "../services.ts";

const TTL_MS = 300_000;

const Endpoint = z.object({
  task: z.string().nullish(),
  state: z.object({ ready: z.string().nullish() }).nullish(),
});

/** How the endpoint is asked. */
export type Dialect = "responses" | "chat_agent" | "chat" | "custom";

export interface EndpointLookup {
  dialect(scope: Scope): Promise<Dialect>;
  /** Throws `stopped` when the endpoint is not ready, `not_found` when there is none. */
  check(scope: Scope): Promise<void>;
}

export function createEndpointLookup(
  backend: string,
  target: string,
  policy: PolicyConfig,
  services: Services,
): EndpointLookup {
  const cache = createExpiringCache<Dialect>({ ttl_ms: TTL_MS, max_entries: 1 }, services.clock);
  const channel = services.channel(backend, policy);

  async function endpoint(scope: Scope): Promise<z.infer<typeof Endpoint>> {
    const path = `/api/2.0/serving-endpoints/${encodeURIComponent(target)}`;
    const found = Endpoint.safeParse(await lookUp(channel, services, scope, "serving-endpoints.get", path));
    if (!found.success) throw fault("malformed", { backend });
    return found.data;
  }

  return {
    async dialect(scope) {
      const known = cache.get("dialect");
      if (known !== undefined) return known;
      try {
        const dialect = dialectOf((await endpoint(scope)).task, backend);
        cache.set("dialect", dialect);
        return dialect;
      } catch (error) {
        // Asking an endpoint (CAN_QUERY) does not imply that one may look at it.
        if (error instanceof BackendError && error.code === "forbidden") return "responses";
        throw error;
      }
    },
    async check(scope) {
      const { state } = await endpoint(scope);
      if (state?.ready === "NOT_READY")
        throw fault("stopped", { backend }, "start the endpoint in the workspace");
    },
  };
}

/** Without a task it is a custom model; an unknown task is tried as an agent. */
export function dialectOf(task: string | null | undefined, backend: string): Dialect {
  switch (task) {
    case undefined:
    case null:
    case "":
    case "custom":
      return "custom";
    case "llm/v1/chat":
    case "agent/v1/chat":
      return "chat";
    case "agent/v2/chat":
      return "chat_agent";
    case "llm/v1/completions":
    case "llm/v1/embeddings":
      throw fault(
        "rejected",
        { backend },
        `an endpoint for ${task} does not answer questions, choose another target`,
      );
    default:
      return "responses";
  }
}
