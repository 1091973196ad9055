/** Remembers for a while what was deleted, for what arrives behind it: observations come late, and from any process. */
import { execute, type Transaction } from "./database.ts";

export const DELETED = "deleted:";

/** Callers may bring their own trace ids along: two of them may have the same. */
export function traceMark({ id, owner }: { id: string; owner: string }): string {
  return JSON.stringify([id, owner]);
}

/** `ids` of threads or responses, or marks of traces. */
export function* markDeleted(ids: readonly string[], now: number): Transaction<void> {
  for (const id of ids) {
    yield* execute(
      `INSERT INTO @facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      DELETED + id,
      now,
    );
  }
}

/** A thread may begin again under its name: only what began before its end is of the deleted one. */
export function* isDeleted(piece: {
  id: string;
  owner: string;
  thread_id: string | null;
  response_id: string | null;
  started_at: number;
}): Transaction<boolean> {
  const { rows } = yield* execute(
    `SELECT 1 FROM @facts WHERE name IN (?, ?) OR (name = ? AND value >= ?) LIMIT 1`,
    DELETED + traceMark(piece),
    `${DELETED}${piece.response_id ?? ""}`,
    `${DELETED}${piece.thread_id ?? ""}`,
    Math.floor(piece.started_at),
  );
  return rows.length > 0;
}
