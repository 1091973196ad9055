/** What each owner spent per day (UTC), and what runs under way may still spend, for budgets. */
import { type Database, execute, type Transaction } from "./database.ts";

export interface UsageEntry {
  /** Counted once, however often it is recorded; the last record wins. */
  run_id: string;
  owner: string;
  /** Epoch milliseconds; decides the day. */
  at: number;
  input_tokens: number;
  output_tokens: number;
  /** Null: no price is known. */
  usd: number | null;
}

export interface Spent {
  runs: number;
  input_tokens: number;
  output_tokens: number;
  /** Sum of what is known. */
  usd: number;
  /** Runs whose price is not known. */
  unpriced: number;
}

export interface Reservation {
  /** A run has one reservation: a repeated one replaces it. */
  run_id: string;
  owner: string;
  /** Epoch milliseconds; decides the day. */
  at: number;
  /** Epoch milliseconds after which it counts no more, for a process that dies before it releases it. */
  until: number;
  /** Dollars that the run will probably cost; never more than is left is reserved. */
  usd: number;
  /** Dollars of the owner's day. */
  max_usd: number;
}

export interface UsageTable {
  record(entry: UsageEntry): Promise<void>;
  /**
   * Sets dollars of the day aside for a run, so that runs at the same time do not spend the same ones. Returns what
   * is left for it after what was spent and what other runs hold; nothing is set aside when that is 0.
   */
  reserve(reservation: Reservation): Promise<number>;
  /** Gives back what the run holds. */
  release(run_id: string): Promise<void>;
  /** Mean dollars of 100 runs of the owner's newest days, of those whose price is known; 0 without any. */
  mean(owner: string): Promise<number>;
  /** Of the day (UTC) that `at` falls into. */
  spent(owner: string, at: number): Promise<Spent>;
}

export function usageTable(database: Database): UsageTable {
  return {
    record: async ({ run_id, owner, at, input_tokens, output_tokens, usd }) => {
      await database.query(
        `INSERT INTO @usage (run_id, owner, day, input_tokens, output_tokens, usd) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (run_id) DO UPDATE SET input_tokens = excluded.input_tokens,
           output_tokens = excluded.output_tokens, usd = excluded.usd`,
        run_id,
        owner,
        dayOf(at),
        input_tokens,
        output_tokens,
        usd,
      );
    },
    reserve: (reservation) => database.transaction(() => reserve(reservation)),
    release: async (run_id) => {
      await database.query(`DELETE FROM @reservations WHERE run_id = ?`, run_id);
    },
    mean: async (owner) => {
      const { rows } = await database.query(
        `SELECT AVG(usd) AS usd FROM (SELECT usd FROM @usage WHERE owner = ? ORDER BY day DESC LIMIT 100) AS last`,
        owner,
      );
      return Number(rows[0]?.["usd"] ?? 0);
    },
    spent: async (owner, at) => {
      const { rows } = await database.query(
        `SELECT COUNT(*) AS runs, SUM(input_tokens) AS input_tokens, SUM(output_tokens) AS output_tokens,
           SUM(usd) AS usd, COUNT(*) - COUNT(usd) AS unpriced
         FROM @usage WHERE owner = ? AND day = ?`,
        owner,
        dayOf(at),
      );
      const sum = (name: string) => Number(rows[0]?.[name] ?? 0);
      return {
        runs: sum("runs"),
        input_tokens: sum("input_tokens"),
        output_tokens: sum("output_tokens"),
        usd: sum("usd"),
        unpriced: sum("unpriced"),
      };
    },
  };
}

/** Sums of fractions leave something over where nothing is left, in dollars. */
const DUST = 1e-9;

function* reserve({ run_id, owner, at, until, usd, max_usd }: Reservation): Transaction<number> {
  // One row that every reservation writes first: two of them never read the same sums.
  yield* execute(
    `INSERT INTO @facts (name, value) VALUES ('reserved_at', ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    at,
  );
  yield* execute(`DELETE FROM @reservations WHERE run_id = ? OR until_ms < ?`, run_id, at);
  const { rows } = yield* execute(
    `SELECT (SELECT SUM(usd) FROM @usage WHERE owner = ? AND day = ?) AS spent,
       (SELECT SUM(usd) FROM @reservations WHERE owner = ?) AS held`,
    owner,
    dayOf(at),
    owner,
  );
  const left = max_usd - Number(rows[0]?.["spent"] ?? 0) - Number(rows[0]?.["held"] ?? 0);
  if (left < DUST) return 0;
  yield* execute(
    `INSERT INTO @reservations (run_id, owner, until_ms, usd) VALUES (?, ?, ?, ?)`,
    run_id,
    owner,
    until,
    Math.min(usd, left),
  );
  return left;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
