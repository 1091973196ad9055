/** The `input` of a Responses request: what earlier steps found as a message of its own, then the question. */
import type { BackendRequest, Json } from "./backend.ts";
import { contextMessage } from "./context-message.ts";

export function agentInput(request: BackendRequest, accepts_context: boolean): Json[] {
  return userMessages(request, accepts_context).map((content) => ({ role: "user", content }));
}

/** The same for chat messages. */
export function userMessages(request: BackendRequest, accepts_context: boolean): string[] {
  const context = accepts_context ? contextMessage(request.context) : null;
  return context === null ? [request.question] : [context, request.question];
}
