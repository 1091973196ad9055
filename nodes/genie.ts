/** The node of a Genie space: it takes a plain question and remembers the conversation, nothing else goes along. */
import type { Backend } from "../backends/backend.ts";
import { askBackend, type AskDeps } from "./ask-backend.ts";

export function genie(backend: Backend, deps: AskDeps) {
  return askBackend(backend, { context: false, conversation: true }, deps);
}
