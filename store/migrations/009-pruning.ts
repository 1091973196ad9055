/** How far a thread's checkpoints have been pruned, so that the next time looks only at what came since. */
import type { Migration } from "./migration.ts";

export const pruning: Migration = {
  version: 9,
  name: "pruning",
  statements: [`ALTER TABLE @threads ADD COLUMN pruned_to TEXT NOT NULL DEFAULT ''`],
};
