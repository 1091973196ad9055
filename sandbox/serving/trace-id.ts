/** MLflow trace ids: the caller's W3C trace id where there is one, else a new one. */
import { randomBytes } from "node:crypto";

export function newTraceId(traceparent: string | null): string {
  const inherited = /^00-([0-9a-f]{32})-/.exec(traceparent ?? "")?.[1];
  return `tr-${inherited ?? randomBytes(16).toString("hex")}`;
}
