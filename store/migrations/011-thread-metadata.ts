/** What a client wants to know a thread by, as JSON. */
import type { Migration } from "./migration.ts";

export const threadMetadata: Migration = {
  version: 11,
  name: "thread-metadata",
  statements: [`ALTER TABLE @threads ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}'`],
};
