/** Conversations of the Responses API, with their items in order. */
import { randomUUID } from "node:crypto";
import { type Database, execute, type Row, type Transaction } from "./database.ts";
import { fromText } from "./json.ts";
import type { StoredItem } from "./responses.ts";

/** `server/ports.ts` declares the same shapes and explains the fields. */
export interface ConversationRecord {
  id: string;
  owner: string;
  created_at: number;
  metadata: Record<string, string>;
  edited: boolean;
}

export interface PageRequest {
  limit: number;
  order: "asc" | "desc";
  after?: string;
}

export interface ItemPage {
  items: StoredItem[];
  has_more: boolean;
}

export interface ConversationTable {
  create(record: ConversationRecord): Promise<void>;
  get(owner: string, id: string): Promise<ConversationRecord | null>;
  update(
    owner: string,
    id: string,
    change: { metadata?: Record<string, string>; edited?: boolean },
  ): Promise<ConversationRecord | null>;
  /** Removes the conversation with its items. */
  delete(owner: string, id: string): Promise<boolean>;
  /** Appends in order. False when there is no such conversation of this owner. */
  append(owner: string, id: string, items: StoredItem[]): Promise<boolean>;
  /** Null when there is no such conversation of this owner. */
  items(owner: string, id: string, page: PageRequest): Promise<ItemPage | null>;
  item(owner: string, id: string, itemId: string): Promise<StoredItem | null>;
  deleteItem(owner: string, id: string, itemId: string): Promise<boolean>;
}

export function conversationTable(database: Database): ConversationTable {
  const mine = `EXISTS (SELECT 1 FROM @conversations c WHERE c.id = conversation_id AND c.owner = ?)`;
  return {
    create: async ({ id, owner, created_at, metadata, edited }) => {
      await database.query(
        `INSERT INTO @conversations (id, owner, created_at, metadata, edited) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING`,
        id,
        owner,
        created_at,
        JSON.stringify(metadata),
        edited ? 1 : 0,
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
    delete: (owner, id) => database.transaction(() => remove(owner, id)),
    append: (owner, id, items) => {
      const batch = randomUUID();
      return database.transaction(() => append(owner, id, batch, items));
    },
    items: (owner, id, page) => database.transaction(() => listItems(owner, id, page)),
    item: async (owner, id, itemId) => {
      const { rows } = await database.query(
        `SELECT item FROM @conversation_items WHERE conversation_id = ? AND item_id = ? AND ${mine}
         ORDER BY position LIMIT 1`,
        id,
        itemId,
        owner,
      );
      return rows[0] === undefined ? null : (fromText(rows[0]["item"]) as StoredItem);
    },
    deleteItem: async (owner, id, itemId) => {
      const { changes } = await database.query(
        `DELETE FROM @conversation_items WHERE conversation_id = ? AND item_id = ? AND ${mine}`,
        id,
        itemId,
        owner,
      );
      return changes > 0;
    },
  };
}

function* remove(owner: string, id: string): Transaction<boolean> {
  const { changes } = yield* execute(`DELETE FROM @conversations WHERE id = ? AND owner = ?`, id, owner);
  if (changes === 0) return false;
  yield* execute(`DELETE FROM @conversation_items WHERE conversation_id = ?`, id);
  return true;
}

function* append(owner: string, id: string, batch: string, items: StoredItem[]): Transaction<boolean> {
  // Changes nothing but takes the row lock, so that two writers cannot count the same position.
  const { changes } = yield* execute(
    `UPDATE @conversations SET edited = edited WHERE id = ? AND owner = ?`,
    id,
    owner,
  );
  if (changes === 0) return false;
  for (const [index, item] of items.entries()) {
    yield* execute(
      `INSERT INTO @conversation_items (conversation_id, row_id, position, item_id, item)
       SELECT ?, ?, COALESCE(MAX(position), 0) + 1, ?, ? FROM @conversation_items WHERE conversation_id = ?
       ON CONFLICT (conversation_id, row_id) DO NOTHING`,
      id,
      `${batch}:${index}`,
      item.id,
      JSON.stringify(item),
      id,
    );
  }
  return true;
}

function* listItems(owner: string, id: string, page: PageRequest): Transaction<ItemPage | null> {
  const known = yield* execute(`SELECT id FROM @conversations WHERE id = ? AND owner = ?`, id, owner);
  if (known.rows.length === 0) return null;
  const start = yield* positionOf(id, page);
  if (start === null) return { items: [], has_more: false };
  const { rows } = yield* execute(
    `SELECT item FROM @conversation_items WHERE conversation_id = ?
     AND position ${page.order === "asc" ? ">" : "<"} ?
     ORDER BY position ${page.order === "asc" ? "ASC" : "DESC"} LIMIT ?`,
    id,
    start,
    page.limit + 1,
  );
  const items = rows.slice(0, page.limit).map((row) => fromText(row["item"]) as StoredItem);
  return { items, has_more: rows.length > page.limit };
}

/** Where the page begins (exclusive); null when `after` names an item that is not there. */
function* positionOf(id: string, page: PageRequest): Transaction<number | null> {
  if (page.after === undefined) return page.order === "asc" ? 0 : Number.MAX_SAFE_INTEGER;
  const { rows } = yield* execute(
    `SELECT position FROM @conversation_items WHERE conversation_id = ? AND item_id = ? ORDER BY position LIMIT 1`,
    id,
    page.after,
  );
  return rows[0] === undefined ? null : Number(rows[0]["position"]);
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
