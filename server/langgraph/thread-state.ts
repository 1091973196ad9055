/** A state of the graph as LangGraph's API shows it (`ThreadState` of its SDK). */
import type { StateSnapshot } from "@langchain/langgraph";
import type { FoundThread } from "../threads/find-thread.ts";

export interface CheckpointRef {
  thread_id: string;
  checkpoint_ns: string;
  checkpoint_id: string;
  checkpoint_map: null;
}

export function threadState(snapshot: StateSnapshot, { key }: FoundThread) {
  return {
    values: snapshot.values as Record<string, unknown>,
    next: snapshot.next,
    tasks: snapshot.tasks.map(({ id, name, error, interrupts, path }) => ({
      id,
      name,
      path,
      // The log has what happened; it may hold more than the caller should read.
      error: error === undefined || error === null ? null : "The step failed.",
      interrupts,
      checkpoint: null,
      state: null,
      result: null,
    })),
    metadata: { ...snapshot.metadata, thread_id: key },
    created_at: snapshot.createdAt ?? null,
    checkpoint: checkpointRef(snapshot.config, key),
    parent_checkpoint: checkpointRef(snapshot.parentConfig, key),
  };
}

/** A thread on which nothing ran yet. */
export function emptyState({ key }: FoundThread) {
  return {
    values: {},
    next: [],
    tasks: [],
    metadata: null,
    created_at: null,
    checkpoint: { thread_id: key, checkpoint_ns: "", checkpoint_id: null, checkpoint_map: null },
    parent_checkpoint: null,
  };
}

/** The values, and beside them what the run waits for. */
export function valuesOf(snapshot: StateSnapshot | null): Record<string, unknown> {
  if (snapshot === null) return {};
  const waiting = snapshot.tasks.flatMap((task) => task.interrupts);
  const values = snapshot.values as Record<string, unknown>;
  return waiting.length === 0 ? values : { ...values, __interrupt__: waiting };
}

function checkpointRef(config: StateSnapshot["parentConfig"], key: string): CheckpointRef | null {
  const id: unknown = config?.configurable?.checkpoint_id;
  if (typeof id !== "string") return null;
  return { thread_id: key, checkpoint_ns: "", checkpoint_id: id, checkpoint_map: null };
}
