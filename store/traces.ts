/** The local trace store: bounded by number and age, read by owner. */
import { type Database, execute, type Row, type Transaction } from "./database.ts";
import { isDeleted, markDeleted, traceMark } from "./deleted.ts";
import { fromText, type Json } from "./json.ts";

export interface TraceSummary {
  /** OpenTelemetry's hex id. */
  id: string;
  /** Who asked, as the spans name them (hashed unless configured otherwise). */
  owner: string;
  thread_id: string | null;
  response_id: string | null;
  name: string | null;
  /** Preview, where content is captured. */
  question: string | null;
  status: string | null;
  /** Epoch milliseconds. */
  started_at: number;
  /** Null while its root has not ended. */
  duration_ms: number | null;
}

/** Spans of one trace that arrived together. What a piece does not know of the trace is null. */
export interface TracePiece extends TraceSummary {
  /** Unique within the trace; the same piece is kept once. */
  piece: string;
  spans: Json[];
}

export interface TraceLimits {
  max_traces: number;
  max_age_days: number;
}

export interface TraceTable {
  append(pieces: TracePiece[]): Promise<void>;
  /** Newest first. `owner: null` is the operator, who sees all. */
  list(owner: string | null, limit: number): Promise<TraceSummary[]>;
  /** By hex id or by response id; null when there is none of this owner. */
  find(owner: string | null, id: string): Promise<TraceSummary | null>;
  spans(trace: Pick<TraceSummary, "id" | "owner">): Promise<Json[]>;
  /** Removes what is too old or too much; the number of traces removed. */
  prune(limits: TraceLimits): Promise<number>;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

export function traceTable(database: Database): TraceTable {
  return {
    append: (pieces) => database.transaction(() => append(pieces, database.now())),
    list: async (owner, limit) => {
      const { rows } = await database.query(
        `SELECT * FROM @traces WHERE owner = COALESCE(?, owner) ORDER BY started_at DESC, id LIMIT ?`,
        owner,
        limit,
      );
      return rows.map(toSummary);
    },
    find: async (owner, id) => {
      const { rows } = await database.query(
        `SELECT * FROM @traces WHERE (id = ? OR response_id = ?) AND owner = COALESCE(?, owner)
         ORDER BY started_at DESC LIMIT 1`,
        id,
        id,
        owner,
      );
      return rows[0] === undefined ? null : toSummary(rows[0]);
    },
    spans: async ({ id, owner }) => {
      const { rows } = await database.query(
        `SELECT spans FROM @trace_pieces WHERE trace_id = ? AND owner = ?`,
        id,
        owner,
      );
      return rows.flatMap((row) => fromText(row["spans"]) as Json[]);
    },
    prune: (limits) => database.transaction(() => prune(limits, database.now())),
  };
}

function* append(pieces: TracePiece[], now: number): Transaction<void> {
  for (const piece of pieces) {
    if (yield* isDeleted(piece)) {
      // Other pieces of it may not say what they belong to.
      yield* markDeleted([traceMark(piece)], now);
      yield* execute(`DELETE FROM @trace_pieces WHERE trace_id = ? AND owner = ?`, piece.id, piece.owner);
      yield* execute(`DELETE FROM @traces WHERE id = ? AND owner = ?`, piece.id, piece.owner);
      continue;
    }
    yield* execute(
      `INSERT INTO @traces (id, owner, thread_id, response_id, name, question, status, started_at, duration_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id, owner) DO UPDATE SET thread_id = COALESCE(excluded.thread_id, traces.thread_id),
         response_id = COALESCE(excluded.response_id, traces.response_id),
         name = COALESCE(excluded.name, traces.name), question = COALESCE(excluded.question, traces.question),
         status = COALESCE(excluded.status, traces.status),
         duration_ms = COALESCE(excluded.duration_ms, traces.duration_ms),
         started_at = CASE WHEN excluded.started_at < traces.started_at THEN excluded.started_at
           ELSE traces.started_at END`,
      piece.id,
      piece.owner,
      piece.thread_id,
      piece.response_id,
      piece.name,
      piece.question,
      piece.status,
      Math.floor(piece.started_at),
      piece.duration_ms,
    );
    yield* execute(
      `INSERT INTO @trace_pieces (trace_id, owner, piece, spans) VALUES (?, ?, ?, ?)
       ON CONFLICT (trace_id, owner, piece) DO NOTHING`,
      piece.id,
      piece.owner,
      piece.piece,
      JSON.stringify(piece.spans),
    );
  }
}

function* prune({ max_traces, max_age_days }: TraceLimits, now: number): Transaction<number> {
  const { changes: old } = yield* execute(
    `DELETE FROM @traces WHERE started_at < ?`,
    now - max_age_days * DAY_MS,
  );
  const { rows } = yield* execute(
    `SELECT started_at FROM @traces ORDER BY started_at DESC LIMIT 1 OFFSET ?`,
    max_traces,
  );
  const first = rows[0]?.["started_at"];
  const { changes: many } =
    first === undefined
      ? { changes: 0 }
      : yield* execute(`DELETE FROM @traces WHERE started_at <= ?`, Number(first));
  if (old + many > 0) {
    yield* execute(
      `DELETE FROM @trace_pieces WHERE NOT EXISTS (SELECT 1 FROM @traces t
         WHERE t.id = trace_pieces.trace_id AND t.owner = trace_pieces.owner)`,
    );
  }
  return old + many;
}

function toSummary(row: Row): TraceSummary {
  const text = (name: string) => (typeof row[name] === "string" ? row[name] : null);
  const duration = row["duration_ms"];
  return {
    id: String(row["id"]),
    owner: String(row["owner"]),
    thread_id: text("thread_id"),
    response_id: text("response_id"),
    name: text("name"),
    question: text("question"),
    status: text("status"),
    started_at: Number(row["started_at"]),
    duration_ms: duration === null || duration === undefined ? null : Number(duration),
  };
}
