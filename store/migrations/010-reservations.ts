/** Dollars of a user's day that runs under way hold until they have ended. */
import type { Migration } from "./migration.ts";

export const reservations: Migration = {
  version: 10,
  name: "reservations",
  statements: [
    `CREATE TABLE @reservations (
      run_id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      until_ms BIGINT NOT NULL,
      usd DOUBLE PRECISION NOT NULL
    )`,
    `CREATE INDEX reservations_by_owner ON @reservations (owner)`,
  ],
};
