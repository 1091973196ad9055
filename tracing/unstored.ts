/** A request with `store: false` travels marked, so that every span below it carries as little as is configured. */
import { createContextKey, type Context } from "@opentelemetry/api";

const UNSTORED = createContextKey("orchestrator.unstored");

export function unstored(context: Context): Context {
  return context.setValue(UNSTORED, true);
}

export function isUnstored(context: Context): boolean {
  return context.getValue(UNSTORED) === true;
}
