/** Questions that a backend says it answers well: its own examples, else one of each topic. Pure. */
import type { BackendConfig } from "./schema.ts";

export function exampleQuestions(backend: Pick<BackendConfig, "examples" | "topics">): string[] {
  if (backend.examples.length > 0) return backend.examples;
  return Object.values(backend.topics).flatMap((questions) => questions.slice(0, 1));
}
