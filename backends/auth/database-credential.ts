/** The password of a Lakebase database: a credential for an hour, fetched by this process and renewed in time (contracts section 9). */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { type PersistenceConfig, PolicyConfig } from "../../config/schema.ts";
import { fault } from "../fault.ts";
import { openScope } from "../http/scope.ts";
import type { Services } from "../services.ts";
import { Secret } from "./secret.ts";
import { createTokenCache } from "./token-cache.ts";
import type { Token } from "./token-source.ts";

type Lakebase = NonNullable<PersistenceConfig["lakebase"]>;

const NAME = "lakebase";
const TIMEOUT_MS = 20_000;

/** The two services name the same field differently. */
const Credential = z.object({
  token: z.string().min(1),
  expire_time: z.iso.datetime({ offset: true }).optional(),
  expiration_time: z.iso.datetime({ offset: true }).optional(),
});

/** For `createStore`'s `password`: asked at each new connection, one request at a time. Throws `BackendError`. */
export function databasePassword(lakebase: Lakebase, services: Services): () => Promise<string> {
  const fetchToken = (signal: AbortSignal) => fetchCredential(lakebase, services, signal);
  const { auth_type } = services.credentials;
  const cache = createTokenCache({ auth_type, fetch: fetchToken }, services.clock);
  return async () => (await cache.get(AbortSignal.timeout(TIMEOUT_MS))).reveal();
}

async function fetchCredential(lakebase: Lakebase, services: Services, signal: AbortSignal): Promise<Token> {
  const timedOut = () => fault("timeout", { backend: NAME });
  const identity = services.credentials.app;
  const scope = openScope(
    { signal, deadline: Infinity, timeout_ms: TIMEOUT_MS, identity, timedOut },
    services.clock,
  );
  try {
    const body = await services
      .channel(NAME, PolicyConfig.parse({}))
      .call(scope, requestFor(lakebase, services.host), (reply) => reply.json());
    const parsed = Credential.safeParse(body);
    const until = parsed.data?.expire_time ?? parsed.data?.expiration_time;
    if (parsed.data === undefined || until === undefined) throw fault("malformed", { backend: NAME });
    return { value: new Secret(parsed.data.token), expires_at: Date.parse(until) };
  } finally {
    scope.end();
  }
}

function requestFor({ endpoint, instance }: Lakebase, host: string) {
  const provisioned = endpoint === undefined;
  const body = provisioned ? { request_id: randomUUID(), instance_names: [instance] } : { endpoint };
  return {
    operation: "database.credentials",
    method: "POST" as const,
    url: `${host}/api/2.0/${provisioned ? "database" : "postgres"}/credentials`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}
