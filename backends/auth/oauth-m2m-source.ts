/** OAuth for a service principal: OIDC discovery, then client credentials (contracts section 6). */
import { z } from "zod";
import { fault } from "../fault.ts";
import { Secret } from "./secret.ts";
import type { TokenRequests } from "./token-request.ts";
import type { TokenSource } from "./token-source.ts";

const Discovery = z.object({ token_endpoint: z.url({ protocol: /^https?$/ }) });

export function createOauthM2mSource(
  host: string,
  client_id: string,
  client_secret: Secret,
  requests: TokenRequests,
): TokenSource {
  const basic = new Secret(`${client_id}:${client_secret.reveal()}`);
  let endpoint: string | null = null;

  async function discover(signal: AbortSignal): Promise<string> {
    const found = Discovery.safeParse(
      await requests.json(`${host}/oidc/.well-known/oauth-authorization-server`, signal),
    );
    if (!found.success) throw fault("malformed", { backend: "workspace" });
    // The secret must not travel in the clear because a discovery document says so.
    if (host.startsWith("https:") && !found.data.token_endpoint.startsWith("https:")) {
      throw fault("malformed", { backend: "workspace" });
    }
    return found.data.token_endpoint;
  }

  return {
    auth_type: "oauth-m2m",
    async fetch(signal) {
      endpoint ??= await discover(signal);
      return await requests.token(
        endpoint,
        { grant_type: "client_credentials", scope: "all-apis" },
        basic,
        signal,
      );
    },
  };
}
