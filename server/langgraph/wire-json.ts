/** What LangGraph tells of a run as JSON for its owner: ids of the thread in the client's words, and no configuration. */
import type { FoundThread } from "../threads/find-thread.ts";

/** Of a configuration only these go out: the rest is ours and holds the caller's token. */
const IDS = ["thread_id", "checkpoint_id", "checkpoint_ns"] as const;

export function wireJson(value: unknown, thread: FoundThread): string {
  return JSON.stringify(value, (name, inner: unknown) => {
    if (inner === thread.id) return thread.key;
    if (name === "callbacks") return undefined;
    if (name === "configurable") return idsOf(inner);
    return inner instanceof Error ? { error: "Error", message: "The step failed." } : inner;
  });
}

function idsOf(configurable: unknown): Record<string, unknown> {
  if (typeof configurable !== "object" || configurable === null) return {};
  return Object.fromEntries(
    IDS.flatMap((name) => (name in configurable ? [[name, Reflect.get(configurable, name) as unknown]] : [])),
  );
}
