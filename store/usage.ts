/** What each owner spent per day (UTC), for budgets. */
import type { Database } from "./database.ts";

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

export interface UsageTable {
  record(entry: UsageEntry): Promise<void>;
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

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
