/** The node of an agent deployed as a Databricks App: it reads results of earlier steps and keeps a session per thread. */
import type { Backend } from "../backends/backend.ts";
import { askBackend, type AskDeps } from "./ask-backend.ts";

export function appAgent(backend: Backend, deps: AskDeps) {
  return askBackend(backend, { context: backend.config.accepts_context, conversation: true }, deps);
}
