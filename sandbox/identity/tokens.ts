/** Who may call: service principals with expiring tokens, personal access tokens, forwarded user tokens. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { WireError } from "../http/errors.ts";

export interface Identity {
  kind: "pat" | "service_principal" | "user";
  /** Client id, or user name as an address. */
  subject: string;
  /** Scopes of a user token; null means all. */
  scopes: string[] | null;
}

/** Why no identity could be found. */
export type Refusal = "missing" | "unknown" | "expired";

export interface IssuedToken {
  access_token: string;
  token_type: "Bearer";
  expires_in: number;
  scope: string;
}

export interface TokenDesk {
  /** Null for a wrong client id or secret. */
  issue(client: string, secret: string): IssuedToken | null;
  identify(authorization: string | undefined): Identity | Refusal;
  register(client: string, secret: string): void;
  setLifetime(seconds: number): void;
  lifetime(): number;
  issued(): number;
  /** Every issued token is expired from now on. */
  expireAll(): void;
  /** Refuse this subject's PATs and user tokens from now on, or accept them again. */
  revoke(subject: string, revoked: boolean): void;
}

export function createTokenDesk(lifetimeS: number): TokenDesk {
  const clients = new Map([["sandbox", "sandbox-secret"]]);
  const tokens = new Map<string, { client: string; until: number }>();
  const revoked = new Set<string>();
  let lifetime = lifetimeS;
  let count = 0;
  return {
    issue(client, secret) {
      if (clients.get(client) !== secret) return null;
      const access_token = `sbx-${randomBytes(24).toString("hex")}`;
      tokens.set(access_token, { client, until: Date.now() + lifetime * 1_000 });
      count += 1;
      return { access_token, token_type: "Bearer", expires_in: lifetime, scope: "all-apis" };
    },
    identify(authorization) {
      const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
      if (!token) return "missing";
      const issued = tokens.get(token);
      if (issued && issued.until <= Date.now()) return "expired";
      if (issued) return { kind: "service_principal", subject: issued.client, scopes: null };
      const identity = readable(token);
      return identity && !revoked.has(identity.subject) ? identity : "unknown";
    },
    register: (client, secret) => void clients.set(client, secret),
    setLifetime: (seconds) => void (lifetime = seconds),
    lifetime: () => lifetime,
    issued: () => count,
    expireAll: () => tokens.forEach((token) => void (token.until = 0)),
    revoke: (subject, off) => void (off ? revoked.add(subject) : revoked.delete(subject)),
  };
}

/**
 * PATs start with `dapi`; `user-<name>[:scope,scope]` is the forwarded token of `<name>@example.com`, and so is a JWT
 * with `sub` and `scope`, as a workspace sends it. Signatures are not looked at: any token is made up here.
 */
function readable(token: string): Identity | null {
  if (token.startsWith("eyJ")) return fromJwt(token);
  if (token.startsWith("dapi")) return { kind: "pat", subject: "developer@example.com", scopes: null };
  const user = /^user-([a-z0-9_.-]+)(?::(.*))?$/i.exec(token);
  if (!user) return null;
  const scopes = user[2] === undefined ? null : user[2].split(",").filter(Boolean);
  return { kind: "user", subject: `${user[1]}@example.com`, scopes };
}

const claimsSchema = z.object({ sub: z.string().min(1), scope: z.string() });

function fromJwt(token: string): Identity | null {
  try {
    const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    const { sub, scope } = claimsSchema.parse(JSON.parse(text));
    return { kind: "user", subject: sub, scopes: scope.split(" ") };
  } catch {
    return null;
  }
}

const REFUSALS: Record<Refusal, [code: string | number, message: string]> = {
  missing: [401, "Credential was not sent or was of an unsupported type for this API."],
  unknown: ["UNAUTHENTICATED", "Invalid access token."],
  expired: ["UNAUTHENTICATED", "Access token expired. Please get a new one."],
};

/** Throws 401 for a refusal and 403 when a user token has none of the wanted scopes. */
export function authorize(caller: Identity | Refusal, scopes: string[]): void {
  if (typeof caller === "string") {
    const [code, message] = REFUSALS[caller];
    throw new WireError(401, code, message, { "www-authenticate": 'Bearer realm="DatabricksRealm"' });
  }
  if (!caller.scopes || scopes.length === 0 || scopes.some((scope) => caller.scopes?.includes(scope))) return;
  const message = `Provided OAuth token does not have required scopes: ${scopes[0]}`;
  throw new WireError(403, "PERMISSION_DENIED", message);
}
