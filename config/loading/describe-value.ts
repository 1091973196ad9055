/** A value from the configuration as shown in a problem: short, and never a secret. */
import { pathText } from "./config-path.ts";

const SECRET = /(^|[._])(token|client_secret|api_key|password|secret)$|headers|persistence\.url$/i;

export function describeValue(value: unknown, path: readonly PropertyKey[]): string {
  if (value === undefined) return "nothing";
  if (value === null) return "an empty value";
  if (Array.isArray(value)) return value.length === 1 ? "a list of 1" : `a list of ${value.length}`;
  if (typeof value === "object") return "a mapping";
  if (SECRET.test(pathText(path))) return "a secret value (not shown)";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}..."` : text;
}
