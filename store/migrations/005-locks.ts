/** Which processes live, and which of them may write to a thread. */
import type { Migration } from "./migration.ts";

export const locks: Migration = {
  version: 5,
  name: "locks",
  statements: [
    // One row per open store. What it holds is free for others once `expires_at` has passed.
    `CREATE TABLE @sessions (
      id TEXT PRIMARY KEY,
      host TEXT NOT NULL,
      pid BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    )`,
    // The row outlives the lock, so that the fence only ever grows.
    `CREATE TABLE @thread_locks (
      thread_id TEXT PRIMARY KEY,
      holder TEXT,
      fence BIGINT NOT NULL
    )`,
    `CREATE INDEX thread_locks_by_holder ON @thread_locks (holder)`,
  ],
};
