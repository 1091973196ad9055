/** Where an app listens: `GET /api/2.0/apps/{name}`, kept for a while (contracts section 2). */
import { z } from "zod";
import type { BackendConfigOf } from "../../config/schema.ts";
import { createExpiringCache } from "../expiring-cache.ts";
import { fault } from "../fault.ts";
import type { Scope } from "../http/scope.ts";
import { lookUp } from "../look-up.ts";
import type { Services } from "../services.ts";

const TTL_MS = 300_000;

const App = z.object({
  url: z.string().nullish(),
  app_status: z.object({ state: z.string().nullish() }).nullish(),
  compute_status: z.object({ state: z.string().nullish() }).nullish(),
});

export interface AppResolver {
  /** The app's base URL without a trailing slash. Throws `stopped` when it does not run. */
  url(scope: Scope): Promise<string>;
  /** Whether the app runs, past the cache. */
  refresh(scope: Scope): Promise<string>;
}

export function createAppResolver(config: BackendConfigOf<"app">, services: Services): AppResolver {
  const cache = createExpiringCache<string>({ ttl_ms: TTL_MS, max_entries: 1 }, services.clock);
  const channel = services.channel(config.name, config.policy);

  async function refresh(scope: Scope): Promise<string> {
    cache.delete("url");
    if (config.url !== undefined) return baseUrl(config.url, services.host);
    const path = `/api/2.0/apps/${encodeURIComponent(config.target)}`;
    const app = App.safeParse(await lookUp(channel, services, scope, "apps.get", path));
    if (!app.success) throw fault("malformed", { backend: config.name });
    refuseStopped(config.name, app.data);
    const url = baseUrl(app.data.url ?? "", services.host);
    cache.set("url", url);
    return url;
  }

  return { refresh, url: async (scope) => cache.get("url") ?? (await refresh(scope)) };
}

/** Only states that surely do not answer; `UNAVAILABLE` may be a passing word of the platform's health check. */
const DOWN = new Set(["STOPPED", "STOPPING", "DELETING", "ERROR", "CRASHED"]);

function refuseStopped(backend: string, app: z.infer<typeof App>): void {
  const compute = app.compute_status?.state ?? "";
  const status = app.app_status?.state ?? "";
  if (DOWN.has(compute))
    throw fault("stopped", { backend }, `its compute is ${compute}, start the app in the workspace`);
  if (DOWN.has(status)) throw fault("stopped", { backend }, `it is ${status}, look into the app's logs`);
  if (app.url === undefined || app.url === null || app.url === "") {
    throw fault("stopped", { backend }, "it was never deployed, deploy the app first");
  }
}

/** The address may lack its scheme; a token never leaves an https workspace for plain http. */
function baseUrl(url: string, host: string): string {
  const whole = /^https?:\/\//i.test(url) ? url : `https://${url}`;
  const secure = host.startsWith("https:") ? whole.replace(/^http:/i, "https:") : whole;
  return secure.replace(/\/+$/, "");
}
