/** Ways into long threads and conversations that do not lead past every row of theirs. */
import type { Migration } from "./migration.ts";

export const longThreads: Migration = {
  version: 14,
  name: "long-threads",
  statements: [
    `CREATE INDEX responses_in_order ON @responses (thread_id, created_at DESC, id)`,
    // Item ids may come from clients, at any length: an index entry of PostgreSQL holds 2,700 bytes.
    `CREATE INDEX conversation_items_by_id ON @conversation_items (conversation_id, substr(item_id, 1, 64))`,
  ],
};
