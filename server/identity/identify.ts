/** Who asks: verified token, believed proxy, configured verifier, or nobody (DESIGN, "Who is asking"). Never the body. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "../../backends/caller.ts";
import type { ServerConfig } from "../../config/schema.ts";
import { RequestError } from "../errors.ts";
import { jwtCheck } from "./jwt-check.ts";
import { tokenCheck } from "./token-check.ts";
import { trustedPeers } from "./trusted-peers.ts";
import type { Whoami } from "./whoami.ts";

export interface IdentifyDeps {
  config: Pick<ServerConfig, "auth" | "trusted_proxies">;
  whoami: Whoami;
  /** Epoch milliseconds. */
  clock: () => number;
}

/** What of a request tells who asks. */
export interface AskingRequest {
  headers: IncomingHttpHeaders;
  socket: { remoteAddress?: string };
}

export type Identify = (request: AskingRequest) => Promise<Caller>;

/** Throws 401 for credentials that are not valid and for strangers where they may not ask, 503 when it cannot tell. */
export function createIdentify({ config, whoami, clock }: IdentifyDeps): Identify {
  const { auth } = config;
  const believed = trustedPeers(config.trusted_proxies);
  const check = auth.workspace_tokens ? tokenCheck(whoami, clock) : null;
  const checkJwt = auth.jwt === undefined ? null : jwtCheck(auth.jwt);

  async function byForwardedToken(request: AskingRequest): Promise<Caller | null> {
    const token = header(request, "x-forwarded-access-token");
    if (token === null || check === null) return null;
    const principal = await check(token);
    if (principal === null) throw invalid();
    return { ...user(principal.name), access_token: token };
  }

  async function byBearer(request: AskingRequest): Promise<Caller | null> {
    const token = bearer(request);
    if (token === null) return null;
    const subject = apiKeySubject(auth.api_keys, token);
    if (subject !== null) return { subject };
    if (!looksVerifiable(token)) return null;
    const claimed = isJwt(token) ? ((await checkJwt?.(token)) ?? null) : null;
    if (claimed !== null) return user(claimed);
    const principal = (await check?.(token)) ?? null;
    if (principal !== null) return { ...user(principal.name), access_token: token };
    if (check === null && checkJwt === null) return null;
    throw invalid();
  }

  return async (request) => {
    const known =
      (await byForwardedToken(request)) ??
      (believed(request) ? byProxy(request) : null) ??
      (await byBearer(request));
    if (known !== null) return known;
    if (!auth.anonymous) throw invalid();
    return { subject: "anonymous" };
  };
}

function byProxy(request: AskingRequest): Caller | null {
  const name = header(request, "x-forwarded-email") ?? header(request, "x-forwarded-user");
  return name === null ? null : user(name);
}

function user(name: string): Caller {
  const lower = name.toLowerCase();
  return { subject: `user:${lower}`, ...(lower.includes("@") ? { email: lower } : {}) };
}

/** Compared by hash and in constant time, so that neither length nor prefix leaks. */
function apiKeySubject(keys: readonly { subject: string; sha256: string }[], token: string): string | null {
  const given = createHash("sha256").update(token).digest();
  const found = keys.filter((key) => timingSafeEqual(Buffer.from(key.sha256, "hex"), given));
  return found[0]?.subject ?? null;
}

/** Clients without credentials send placeholders; those are neither an identity nor shown to the workspace. */
function looksVerifiable(token: string): boolean {
  return isJwt(token) || token.startsWith("dapi");
}

function isJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

function bearer(request: AskingRequest): string | null {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? null;
}

function header(request: AskingRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

function invalid(): RequestError {
  return new RequestError("invalid_api_key", "The credentials are missing or not valid.", {
    headers: { "www-authenticate": "Bearer" },
  });
}
