/** The items of conversations, in order. */
import { randomUUID } from "node:crypto";
import { type Database, execute, type Row, type Transaction } from "./database.ts";
import { assertHeld } from "./fence.ts";
import type { HeldLocks } from "./held-lock.ts";
import { fromText } from "./json.ts";
import type { StoredItem } from "./responses.ts";

/** A page of a list. `after` is the id of the last item of the page before; an unknown id gives an empty page. */
export interface PageRequest {
  limit: number;
  order: "asc" | "desc";
  after?: string;
}

export interface ItemPage {
  items: StoredItem[];
  has_more: boolean;
}

export interface ItemTable {
  /** Appends in order. False when there is no such conversation of this owner. */
  append(owner: string, id: string, items: StoredItem[]): Promise<boolean>;
  /** Null when there is no such conversation of this owner. */
  items(owner: string, id: string, page: PageRequest): Promise<ItemPage | null>;
  item(owner: string, id: string, itemId: string): Promise<StoredItem | null>;
  deleteItem(owner: string, id: string, itemId: string): Promise<boolean>;
}

/** By the index over the ids' beginnings. Without an order: asked for one, PostgreSQL may walk the items in it. */
const NAMED = `conversation_id = ? AND substr(item_id, 1, 64) = substr(?, 1, 64) AND item_id = ?`;

const MINE = `EXISTS (SELECT 1 FROM @conversations c WHERE c.id = conversation_id AND c.owner = ?)`;

export function itemTable(database: Database, held: HeldLocks): ItemTable {
  return {
    append: (owner, id, items) => {
      // Chosen before the transaction, so that its repetition does not append twice.
      const batch = randomUUID();
      return database.transaction(() => append(owner, id, batch, items, held));
    },
    items: (owner, id, page) => database.transaction(() => list(owner, id, page)),
    item: async (owner, id, itemId) => {
      const { rows } = await database.query(
        `SELECT item, position FROM @conversation_items WHERE ${NAMED} AND ${MINE}`,
        id,
        itemId,
        itemId,
        owner,
      );
      const first = firstOf(rows);
      return first === undefined ? null : (fromText(first["item"]) as StoredItem);
    },
    deleteItem: async (owner, id, itemId) => {
      const { changes } = await database.query(
        `DELETE FROM @conversation_items WHERE ${NAMED} AND ${MINE}`,
        id,
        itemId,
        itemId,
        owner,
      );
      return changes > 0;
    },
  };
}

function* append(
  owner: string,
  id: string,
  batch: string,
  items: StoredItem[],
  held: HeldLocks,
): Transaction<boolean> {
  yield* assertHeld(held);
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

function* list(owner: string, id: string, page: PageRequest): Transaction<ItemPage | null> {
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
    `SELECT position FROM @conversation_items WHERE ${NAMED}`,
    id,
    page.after,
    page.after,
  );
  const first = firstOf(rows);
  return first === undefined ? null : Number(first["position"]);
}

function firstOf(rows: readonly Row[]): Row | undefined {
  return rows.toSorted((a, b) => Number(a["position"]) - Number(b["position"]))[0];
}
