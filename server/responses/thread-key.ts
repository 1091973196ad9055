/** Which thread a request belongs to (Responses contract section 6). */
import { createHash } from "node:crypto";
import type { ParsedRequest } from "./parse-request.ts";

/** The key that the client itself gave for a thread; chat UIs that use one send the whole transcript every turn. */
export function statedThreadKey(request: ParsedRequest): string | null {
  const { custom_inputs: inputs, context } = request;
  return inputs?.thread_id || inputs?.session_id || context?.conversation_id || null;
}

/** Scoped by owner, so that naming a thread of somebody else leads to a fresh one. */
export function internalThreadId(owner: string, key: string): string {
  return `t_${createHash("sha256")
    .update(JSON.stringify([owner, key]))
    .digest("hex")
    .slice(0, 40)}`;
}
