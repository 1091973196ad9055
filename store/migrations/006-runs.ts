/** Background runs and the event log that their streams are resumed from. */
import type { Migration } from "./migration.ts";

export const runs: Migration = {
  version: 6,
  name: "runs",
  statements: [
    // `holder` is a session, `fence` grows with each claim; `request` is all that another process needs, as JSON.
    `CREATE TABLE @runs (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      thread_id TEXT NOT NULL,
      response_id TEXT NOT NULL,
      state TEXT NOT NULL,
      holder TEXT,
      fence BIGINT NOT NULL,
      attempt BIGINT NOT NULL,
      needs_owner BIGINT NOT NULL,
      cancel_requested BIGINT NOT NULL,
      request TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL
    )`,
    `CREATE INDEX runs_by_state ON @runs (state, created_at)`,
    `CREATE INDEX runs_by_holder ON @runs (holder)`,
    `CREATE INDEX runs_by_thread ON @runs (thread_id)`,
    `CREATE INDEX runs_by_response ON @runs (response_id)`,
    `CREATE TABLE @run_events (
      run_id TEXT NOT NULL,
      sequence_number BIGINT NOT NULL,
      event TEXT NOT NULL,
      PRIMARY KEY (run_id, sequence_number)
    )`,
  ],
};
