/** What users say of answers. */
import { type Database, execute, type Row, type Transaction } from "./database.ts";
import { fromText, type Json } from "./json.ts";

export interface FeedbackRecord {
  /** Chosen by the caller; the same id is kept once. */
  id: string;
  /** `Caller.subject` of the author, who is also the owner of the response. */
  owner: string;
  thread_id: string;
  response_id: string;
  /** Epoch milliseconds. */
  created_at: number;
  body: Json;
}

export interface FeedbackTable {
  add(feedback: FeedbackRecord): Promise<void>;
  /** Keeps it, or puts a new body in the place of the old one; nobody changes the word of somebody else. */
  replace(feedback: FeedbackRecord): Promise<void>;
  get(owner: string, id: string): Promise<FeedbackRecord | null>;
  /** Of one response, oldest first. */
  of(owner: string, responseId: string): Promise<FeedbackRecord[]>;
  /** Of all owners since a time, oldest first: for promotion into examples and for reports. */
  since(time: number, limit: number): Promise<FeedbackRecord[]>;
}

export function feedbackTable(database: Database): FeedbackTable {
  return {
    add: (feedback) => database.transaction(() => add(feedback, "ON CONFLICT (id) DO NOTHING")),
    replace: (feedback) => database.transaction(() => add(feedback, REPLACE)),
    get: async (owner, id) => {
      const { rows } = await database.query(`SELECT * FROM @feedback WHERE id = ? AND owner = ?`, id, owner);
      return rows[0] === undefined ? null : toFeedback(rows[0]);
    },
    of: async (owner, responseId) => {
      const { rows } = await database.query(
        `SELECT * FROM @feedback WHERE response_id = ? AND owner = ? ORDER BY created_at, id`,
        responseId,
        owner,
      );
      return rows.map(toFeedback);
    },
    since: async (time, limit) => {
      const { rows } = await database.query(
        `SELECT * FROM @feedback WHERE created_at >= ? ORDER BY created_at, id LIMIT ?`,
        time,
        limit,
      );
      return rows.map(toFeedback);
    },
  };
}

const REPLACE = "ON CONFLICT (id) DO UPDATE SET body = excluded.body WHERE feedback.owner = excluded.owner";

function* add(
  { id, owner, thread_id, response_id, created_at, body }: FeedbackRecord,
  conflict: string,
): Transaction<void> {
  yield* execute(
    `INSERT INTO @feedback (id, owner, thread_id, response_id, created_at, body) VALUES (?, ?, ?, ?, ?, ?)
     ${conflict}`,
    id,
    owner,
    thread_id,
    response_id,
    created_at,
    JSON.stringify(body),
  );
}

function toFeedback(row: Row): FeedbackRecord {
  return {
    id: String(row["id"]),
    owner: String(row["owner"]),
    thread_id: String(row["thread_id"]),
    response_id: String(row["response_id"]),
    created_at: Number(row["created_at"]),
    body: fromText(row["body"]) as Json,
  };
}
