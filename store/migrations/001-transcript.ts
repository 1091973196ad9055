/** Threads and their transcript. */
import type { Migration } from "./migration.ts";

export const transcript: Migration = {
  version: 1,
  name: "transcript",
  statements: [
    // `thread_key` is what the client calls the thread; JSON text, because clients may put anything into it.
    `CREATE TABLE @threads (
      thread_id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      thread_key TEXT NOT NULL,
      title TEXT,
      created_at BIGINT NOT NULL,
      touched_at BIGINT NOT NULL,
      pruned_at BIGINT NOT NULL DEFAULT 0
    )`,
    `CREATE INDEX threads_by_owner ON @threads (owner, touched_at)`,
    `CREATE INDEX threads_by_age ON @threads (touched_at)`,
    // Append-only. `position` counts the turns of a thread; `record` is the whole turn as JSON.
    `CREATE TABLE @turns (
      response_id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      thread_id TEXT NOT NULL,
      position BIGINT NOT NULL,
      record TEXT NOT NULL
    )`,
    `CREATE INDEX turns_by_thread ON @turns (thread_id, position)`,
  ],
};
