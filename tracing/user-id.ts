/** How spans name the one who asks: hashed, unless the configuration allows the plain id. */
import { createHash } from "node:crypto";

export type UserIds = "hashed" | "plain";

/** `subject` is `Caller.subject`. Everybody unknown is `anonymous` either way. */
export function userId(subject: string, mode: UserIds): string {
  if (mode === "plain" || subject === "anonymous") return subject;
  return createHash("sha256").update(`user\0${subject}`).digest("hex").slice(0, 32);
}
