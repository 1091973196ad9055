/** A run context for tests: events are collected, evidence and pending ids are kept in memory. */
import { createHash } from "node:crypto";
import type { Json } from "../../backends/backend.ts";
import type { EvidenceStore, PendingStore, RunContext, RunEvent } from "../../nodes/run-context.ts";

export function memoryEvidence(): EvidenceStore & { size(): number } {
  const kept = new Map<string, Json>();
  return {
    put: async (value) => {
      const hash = createHash("sha256").update(JSON.stringify(value)).digest("hex");
      kept.set(hash, value);
      return hash;
    },
    get: async (hash) => kept.get(hash) ?? null,
    size: () => kept.size,
  };
}

export function memoryPending(): PendingStore {
  const kept = new Map<string, Json>();
  return {
    get: async (step) => kept.get(step) ?? null,
    put: async (step, handle) => void kept.set(step, handle),
  };
}

export function runDouble(change: Partial<RunContext> = {}): RunContext & { events: RunEvent[] } {
  const events: RunEvent[] = [];
  return {
    run_id: "run1",
    thread_id: "thread1",
    caller: { subject: "user:ada@example.com" },
    signal: new AbortController().signal,
    deadline: Date.now() + 60_000,
    emit: (event) => void events.push(event),
    evidence: memoryEvidence(),
    pending: memoryPending(),
    ...change,
    events,
  };
}
