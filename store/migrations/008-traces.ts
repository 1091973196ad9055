/** What was observed of requests: one row per trace and owner, its spans in pieces as they were exported. */
import type { Migration } from "./migration.ts";

export const traces: Migration = {
  version: 8,
  name: "traces",
  statements: [
    // The id of a trace may come from outside (`traceparent`), so that only id and owner together name one.
    `CREATE TABLE @traces (
      id TEXT NOT NULL,
      owner TEXT NOT NULL,
      thread_id TEXT,
      response_id TEXT,
      name TEXT,
      question TEXT,
      status TEXT,
      started_at BIGINT NOT NULL,
      duration_ms DOUBLE PRECISION,
      PRIMARY KEY (id, owner)
    )`,
    `CREATE INDEX traces_by_owner ON @traces (owner, started_at)`,
    `CREATE INDEX traces_by_age ON @traces (started_at)`,
    `CREATE INDEX traces_by_response ON @traces (response_id)`,
    `CREATE INDEX traces_by_thread ON @traces (thread_id)`,
    `CREATE TABLE @trace_pieces (
      trace_id TEXT NOT NULL,
      owner TEXT NOT NULL,
      piece TEXT NOT NULL,
      spans TEXT NOT NULL,
      PRIMARY KEY (trace_id, owner, piece)
    )`,
  ],
};
