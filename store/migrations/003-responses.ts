/** Stored responses and the idempotency keys that lead to them. */
import type { Migration } from "./migration.ts";

export const responses: Migration = {
  version: 3,
  name: "responses",
  statements: [
    // `record` is the whole record as JSON; the columns before it are what statements look for.
    `CREATE TABLE @responses (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      thread_id TEXT NOT NULL,
      checkpoint_id TEXT,
      conversation_id TEXT,
      created_at BIGINT NOT NULL,
      record TEXT NOT NULL
    )`,
    `CREATE INDEX responses_by_thread ON @responses (thread_id, checkpoint_id)`,
    `CREATE INDEX responses_by_age ON @responses (created_at)`,
    // The key itself is hashed: clients choose it, at any length.
    `CREATE TABLE @idempotency_keys (
      owner TEXT NOT NULL,
      key_hash TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      response_id TEXT NOT NULL,
      holder TEXT NOT NULL,
      settled BIGINT NOT NULL,
      created_at BIGINT NOT NULL,
      PRIMARY KEY (owner, key_hash)
    )`,
    `CREATE INDEX idempotency_keys_by_age ON @idempotency_keys (created_at)`,
    `CREATE INDEX idempotency_keys_by_response ON @idempotency_keys (response_id)`,
  ],
};
