/** The one error text from outside that a user must see: where to log in to a connection (contracts section 3a). */
import { BackendError, type BackendErrorDetail } from "../errors.ts";
import { fault } from "../fault.ts";

const LOGIN =
  /Credential for user identity\('([^']{1,200})'\) is not found for the connection '([^']{1,200})'\. Please login first to the connection by visiting (https:\/\/[^\s"'<>]{1,500})/;
const NAME = /^[\w.@ +-]+$/;

/** Where a login is asked for. */
export interface LoginLink {
  /** With the port, where there is one. */
  host: string;
  /** In the wording that the stock chat UI turns into a Login button; holds the address. */
  sentence: string;
}

/**
 * Null for any other text. The address stays aside: who says this may be anybody, and would send users anywhere.
 * Only names of plain characters and an https address are carried over.
 */
export function loginFault(message: string, detail: BackendErrorDetail): BackendError | null {
  const [, user, connection, link] = LOGIN.exec(message) ?? [];
  if (user === undefined || connection === undefined || link === undefined) return null;
  if (!NAME.test(user) || !NAME.test(connection) || !URL.canParse(link)) return null;
  const url = new URL(link.replace(/[.,)]+$/, ""));
  if (url.username !== "" || url.password !== "") return null;
  const sentence = `Credential for user identity('${user}') is not found for the connection '${connection}'. Please login first to the connection by visiting ${url.href}`;
  const hint = `log in to the connection '${connection}' in the workspace and ask again`;
  return fault("login_required", { ...detail, login: { host: url.host, sentence } }, hint);
}

/** With its address, where that is on one of `hosts`. */
export function withLoginLink(error: BackendError, hosts: readonly string[]): BackendError {
  const { login } = error.detail;
  if (error.code !== "login_required" || login === undefined || !hosts.includes(login.host)) return error;
  return new BackendError(error.code, login.sentence, error.detail);
}
