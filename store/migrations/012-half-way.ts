/** Which background run stands half way on a thread. */
import type { Migration } from "./migration.ts";

export const halfWay: Migration = {
  version: 12,
  name: "half-way",
  statements: [`ALTER TABLE @thread_locks ADD COLUMN run_id TEXT`],
};
