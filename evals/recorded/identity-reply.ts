/** Tokens for a workspace on tape: anyone gets one, because there is nothing behind it. Real ones are never recorded. */

/** Paths on which identities and tokens travel. */
const IDENTITY = /^\/(oidc\/|\.well-known\/oauth|api\/2\.0\/preview\/scim\/)/;

export function isIdentity(path: string): boolean {
  return IDENTITY.test(path);
}

export function identityReply(path: string, origin: string): object {
  if (path.includes(".well-known"))
    return { issuer: `${origin}/oidc`, token_endpoint: `${origin}/oidc/v1/token` };
  if (path.includes("/token")) return { access_token: "replayed", token_type: "Bearer", expires_in: 3_600 };
  return { id: "1", userName: "replayed", active: true, emails: [] };
}
