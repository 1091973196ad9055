/** Bulky payloads by hash, and the ids of backend questions under way. */
import type { Migration } from "./migration.ts";

export const evidence: Migration = {
  version: 2,
  name: "evidence",
  statements: [
    `CREATE TABLE @evidence (
      owner TEXT NOT NULL,
      thread_id TEXT NOT NULL,
      hash TEXT NOT NULL,
      value TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      PRIMARY KEY (owner, thread_id, hash)
    )`,
    `CREATE INDEX evidence_by_thread ON @evidence (thread_id)`,
    `CREATE TABLE @pending_calls (
      run_id TEXT NOT NULL,
      step TEXT NOT NULL,
      handle TEXT NOT NULL,
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (run_id, step)
    )`,
    `CREATE INDEX pending_calls_by_age ON @pending_calls (updated_at)`,
  ],
};
