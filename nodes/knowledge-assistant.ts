/** The node of a knowledge assistant: it reads results of earlier steps and keeps no conversation. */
import type { Backend } from "../backends/backend.ts";
import { askBackend, type AskDeps } from "./ask-backend.ts";

export function knowledgeAssistant(backend: Backend, deps: AskDeps) {
  return askBackend(backend, { context: backend.config.accepts_context, conversation: false }, deps);
}
