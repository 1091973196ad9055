/** The thread on which the request of an idempotency key runs. */
import type { Migration } from "./migration.ts";

export const keyedThreads: Migration = {
  version: 13,
  name: "keyed-threads",
  statements: [`ALTER TABLE @idempotency_keys ADD COLUMN thread_id TEXT`],
};
