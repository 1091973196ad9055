/** Links from outside: http and https only, relative ones resolved against the workspace; everything else is no link. */

const MAX_LENGTH = 2_000;

/** Undefined for anything that must not be followed: other schemes, credentials in the address, nonsense. */
export function safeUrl(value: unknown, host: string): string | undefined {
  if (typeof value !== "string" || value === "" || value.length > MAX_LENGTH) return undefined;
  if (!URL.canParse(value, host)) return undefined;
  const url = new URL(value, host);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  if (url.username !== "" || url.password !== "") return undefined;
  return url.href;
}
