/** What turns make PostgreSQL read: counts of the server's own, which do not depend on how busy the machine is. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

export interface Reads {
  rows: number;
  /** Of 8 kB, in memory or on disk, of tables and indexes. */
  blocks: number;
}

/** Of all tables while `work` runs, which opens its connections and ends them: they hand in their counts at the end. */
export async function readsOf(url: string, work: () => Promise<void>): Promise<Reads> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await alone(client);
    await client.query("SELECT pg_stat_reset()");
    await work();
    await alone(client);
    const { rows } = await client.query<{ rows: string; blocks: string }>(READS);
    return { rows: Number(rows[0]?.rows), blocks: Number(rows[0]?.blocks) };
  } finally {
    await client.end();
  }
}

const READS = `SELECT SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) AS rows,
    SUM(heap_blks_hit + heap_blks_read + COALESCE(idx_blks_hit + idx_blks_read, 0)
      + COALESCE(toast_blks_hit + toast_blks_read + tidx_blks_hit + tidx_blks_read, 0)) AS blocks
  FROM pg_stat_user_tables JOIN pg_statio_user_tables USING (relid)`;

async function alone(client: Client): Promise<void> {
  const others =
    "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
  for (let look = 0; look < 500; look += 1) {
    if ((await client.query(others)).rowCount === 0) return;
    await sleep(10);
  }
  throw new Error("Other connections did not end.");
}
