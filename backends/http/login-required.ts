/** The one error text from outside that a user must see: where to log in to a connection (contracts section 3a). */

const LOGIN =
  /Credential for user identity\('([^']{1,200})'\) is not found for the connection '([^']{1,200})'\. Please login first to the connection by visiting (https:\/\/[^\s"'<>]{1,500})/;
const NAME = /^[\w.@ +-]+$/;

/**
 * The sentence in the wording that the stock chat UI turns into a Login button; null for any other text.
 * Only names of plain characters and an https address are carried over.
 */
export function loginSentence(message: string): string | null {
  const [, user, connection, link] = LOGIN.exec(message) ?? [];
  if (user === undefined || connection === undefined || link === undefined) return null;
  if (!NAME.test(user) || !NAME.test(connection) || !URL.canParse(link)) return null;
  const url = new URL(link.replace(/[.,)]+$/, ""));
  if (url.username !== "" || url.password !== "") return null;
  return `Credential for user identity('${user}') is not found for the connection '${connection}'. Please login first to the connection by visiting ${url.href}`;
}
