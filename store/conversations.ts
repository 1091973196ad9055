/** Conversations of the Responses API. */
import { itemTable, type ItemTable } from "./conversation-items.ts";
import { type Database, execute, type Row, type Transaction } from "./database.ts";
import type { HeldLocks } from "./held-lock.ts";
import { fromText } from "./json.ts";

export interface ConversationRecord {
  /** `conv_…`. */
  id: string;
  owner: string;
  /** Epoch milliseconds. */
  created_at: number;
  metadata: Record<string, string>;
  /** Whether items were added or removed through the API: then the items, not the thread, are the history. */
  edited: boolean;
}

export interface ConversationTable extends ItemTable {
  /** The same id is created once. */
  create(record: ConversationRecord): Promise<void>;
  get(owner: string, id: string): Promise<ConversationRecord | null>;
  update(
    owner: string,
    id: string,
    change: { metadata?: Record<string, string>; edited?: boolean },
  ): Promise<ConversationRecord | null>;
  /** Removes the conversation with its items. */
  delete(owner: string, id: string): Promise<boolean>;
}

export function conversationTable(database: Database, held: HeldLocks): ConversationTable {
  return {
    ...itemTable(database, held),
    create: async ({ id, owner, created_at, metadata, edited }) => {
      await database.query(
        `INSERT INTO @conversations (id, owner, created_at, metadata, edited) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING`,
        id,
        owner,
        created_at,
        JSON.stringify(metadata),
        Number(edited),
      );
    },
    get: async (owner, id) => {
      const { rows } = await database.query(
        `SELECT * FROM @conversations WHERE id = ? AND owner = ?`,
        id,
        owner,
      );
      return rows[0] === undefined ? null : toConversation(rows[0]);
    },
    update: async (owner, id, { metadata, edited }) => {
      const { rows } = await database.query(
        `UPDATE @conversations SET metadata = COALESCE(?, metadata), edited = COALESCE(?, edited)
         WHERE id = ? AND owner = ? RETURNING *`,
        metadata === undefined ? null : JSON.stringify(metadata),
        edited === undefined ? null : Number(edited),
        id,
        owner,
      );
      return rows[0] === undefined ? null : toConversation(rows[0]);
    },
    delete: (owner, id) => database.transaction(() => removeConversation(owner, id)),
  };
}

export function* removeConversation(owner: string, id: string): Transaction<boolean> {
  const { changes } = yield* execute(`DELETE FROM @conversations WHERE id = ? AND owner = ?`, id, owner);
  if (changes === 0) return false;
  yield* execute(`DELETE FROM @conversation_items WHERE conversation_id = ?`, id);
  return true;
}

function toConversation(row: Row): ConversationRecord {
  return {
    id: String(row["id"]),
    owner: String(row["owner"]),
    created_at: Number(row["created_at"]),
    metadata: fromText(row["metadata"]) as Record<string, string>,
    edited: row["edited"] === 1,
  };
}
