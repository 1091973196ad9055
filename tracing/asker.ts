/** Who asks travels in OpenTelemetry's context, so that every span of a request says whose it is. */
import { createContextKey, type Context } from "@opentelemetry/api";

const ASKER = createContextKey("orchestrator.asker");

/** `user` comes from `userId`. */
export function withAsker(context: Context, user: string): Context {
  return context.setValue(ASKER, user);
}

export function askerOf(context: Context): string | undefined {
  const user = context.getValue(ASKER);
  return typeof user === "string" ? user : undefined;
}
