/** A Google service account (GOOGLE_CREDENTIALS: the key's JSON or its path): an ID token for the workspace's address. */
import { readFileSync } from "node:fs";
import { decodeJwt, importPKCS8, SignJWT } from "jose";
import { z } from "zod";
import { fault } from "../fault.ts";
import { parseJson } from "../json-fields.ts";
import { Secret } from "./secret.ts";
import type { TokenRequests } from "./token-request.ts";
import type { Token, TokenSource } from "./token-source.ts";

/** As Google's console writes it; the rest of the file is not needed. */
const Key = z.object({
  type: z.literal("service_account"),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().min(1),
  token_uri: z.url({ protocol: /^https?$/ }),
});

const Reply = z.object({ id_token: z.string().min(1) });

/** Null when `credentials` is no key of a service account. */
export function createGoogleSource(
  credentials: string,
  host: string,
  requests: TokenRequests,
): TokenSource | null {
  const key = Key.safeParse(parseJson(textOf(credentials)));
  if (!key.success || !isSafe(key.data.token_uri)) return null;
  const { token_uri, client_email, private_key_id } = key.data;
  const private_key = new Secret(key.data.private_key);

  async function assertion(): Promise<string> {
    return await new SignJWT({ target_audience: host })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: private_key_id })
      .setIssuer(client_email)
      .setSubject(client_email)
      .setAudience(token_uri)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(await importPKCS8(private_key.reveal(), "RS256"));
  }

  return {
    auth_type: "google",
    async fetch(signal): Promise<Token> {
      const grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
      const form = { grant_type, assertion: await assertion() };
      const reply = Reply.safeParse(await requests.post(token_uri, form, signal));
      if (!reply.success) throw fault("malformed", { backend: "workspace" });
      const { exp } = decodeJwt(reply.data.id_token);
      return { value: new Secret(reply.data.id_token), expires_at: exp === undefined ? null : exp * 1_000 };
    },
  };
}

function textOf(credentials: string): string {
  if (credentials.trimStart().startsWith("{")) return credentials;
  try {
    return readFileSync(credentials, "utf8");
  } catch {
    return "";
  }
}

/** What proves who we are goes out over TLS only; plain HTTP serves tests on this machine. */
function isSafe(token_uri: string): boolean {
  const { protocol, hostname } = new URL(token_uri);
  return protocol === "https:" || hostname === "127.0.0.1";
}
