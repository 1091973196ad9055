/** What users say of answers, what they spent, and small facts about the database itself. */
import type { Migration } from "./migration.ts";

export const feedbackAndUsage: Migration = {
  version: 7,
  name: "feedback and usage",
  statements: [
    `CREATE TABLE @feedback (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      thread_id TEXT NOT NULL,
      response_id TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      body TEXT NOT NULL
    )`,
    `CREATE INDEX feedback_by_response ON @feedback (response_id)`,
    `CREATE INDEX feedback_by_thread ON @feedback (thread_id)`,
    `CREATE INDEX feedback_by_age ON @feedback (created_at)`,
    // One row per run, not a running total: a repeated write does not count twice.
    `CREATE TABLE @usage (
      run_id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      day TEXT NOT NULL,
      input_tokens BIGINT NOT NULL,
      output_tokens BIGINT NOT NULL,
      usd DOUBLE PRECISION
    )`,
    `CREATE INDEX usage_by_owner ON @usage (owner, day)`,
    `CREATE TABLE @facts (
      name TEXT PRIMARY KEY,
      value BIGINT NOT NULL
    )`,
  ],
};
