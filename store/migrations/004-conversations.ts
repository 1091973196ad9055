/** Conversations of the Responses API and their items. */
import type { Migration } from "./migration.ts";

export const conversations: Migration = {
  version: 4,
  name: "conversations",
  statements: [
    `CREATE TABLE @conversations (
      id TEXT PRIMARY KEY,
      owner TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      metadata TEXT NOT NULL,
      edited BIGINT NOT NULL
    )`,
    // Item ids may come from clients, at any length and twice: they are looked for inside one conversation only.
    // `row_id` is ours, so that an append whose commit is in doubt can be repeated.
    `CREATE TABLE @conversation_items (
      conversation_id TEXT NOT NULL,
      row_id TEXT NOT NULL,
      position BIGINT NOT NULL,
      item_id TEXT NOT NULL,
      item TEXT NOT NULL,
      PRIMARY KEY (conversation_id, row_id)
    )`,
    `CREATE INDEX conversation_items_in_order ON @conversation_items (conversation_id, position)`,
  ],
};
