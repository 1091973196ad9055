/** What a forwarded token may be used for, as far as it tells (contracts section 6). */

/**
 * The scopes of a JWT (`scope` as text or `scp` as list); null for a token that cannot be read. Nothing is verified:
 * this only finds out early what the workspace would refuse.
 */
export function tokenScopes(access_token: string): string[] | null {
  const payload = access_token.split(".")[1];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    if (typeof claims !== "object" || claims === null) return null;
    const said = "scope" in claims ? claims.scope : "scp" in claims ? claims.scp : null;
    if (typeof said === "string") return said.split(/\s+/).filter(Boolean);
    return Array.isArray(said) ? said.filter((one) => typeof one === "string") : null;
  } catch {
    return null;
  }
}
