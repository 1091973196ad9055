/** The HTTP side of OAuth: discovery documents and token endpoints, through the workspace's own channel. */
import { z } from "zod";
import type { Json } from "../backend.ts";
import type { Clock } from "../clock.ts";
import { fault } from "../fault.ts";
import type { Channel } from "../http/channel.ts";
import type { ChannelRequest } from "../http/request.ts";
import { openScope } from "../http/scope.ts";
import { Secret } from "./secret.ts";
import type { Token } from "./token-source.ts";

const TIMEOUT_MS = 20_000;

const TokenReply = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

export interface TokenRequests {
  json(url: string, signal: AbortSignal): Promise<Json>;
  post(url: string, form: Record<string, string>, signal: AbortSignal): Promise<Json>;
  /** `basic` is `id:secret`. */
  token(url: string, form: Record<string, string>, basic: Secret | null, signal: AbortSignal): Promise<Token>;
}

export function createTokenRequests(channel: Channel, clock: Clock): TokenRequests {
  async function send(request: ChannelRequest, signal: AbortSignal): Promise<Json> {
    const timedOut = () => fault("timeout", { backend: channel.name });
    const scope = openScope(
      { signal, deadline: Infinity, timeout_ms: TIMEOUT_MS, identity: null, timedOut },
      clock,
    );
    try {
      return await channel.call(scope, request, (reply) => reply.json());
    } finally {
      scope.end();
    }
  }

  return {
    json: (url, signal) => send({ operation: "oidc.discovery", method: "GET", url }, signal),
    post: (url, form, signal) => send(tokenCall(url, form), signal),
    async token(url, form, basic, signal) {
      const asked_at = clock.now();
      const reply = TokenReply.safeParse(await send(tokenCall(url, form, basic), signal));
      if (!reply.success) throw fault("malformed", { backend: channel.name });
      return {
        value: new Secret(reply.data.access_token),
        expires_at: asked_at + reply.data.expires_in * 1_000,
      };
    },
  };
}

function tokenCall(url: string, form: Record<string, string>, basic: Secret | null = null): ChannelRequest {
  const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
  if (basic !== null) headers["authorization"] = `Basic ${Buffer.from(basic.reveal()).toString("base64")}`;
  const body = new URLSearchParams(form).toString();
  return { operation: "oidc.token", method: "POST", url, headers, body };
}
