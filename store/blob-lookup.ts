/** Makes PostgresSaver find the values of a checkpoint by their key, however many the thread has. */

/**
 * Its join of the versions of one checkpoint with the values of the whole thread is planned from statistics. Without
 * fresh ones PostgreSQL takes a thread for short and reads every value that it ever had, at each look at a checkpoint:
 * 25,000 rows at turn 600. LATERAL with OFFSET 0 leaves it one plan, a look into the index per channel.
 */
export function lookUpBlobs(sql: string): string {
  return sql.replace(
    JOIN,
    (_whole, table: string, condition: string) =>
      `cross join lateral (select * from ${table} bl where ${condition} offset 0) bl) as channel_values`,
  );
}

const JOIN = /inner join (\S+checkpoint_blobs) bl\s+on ([^()]*?)\s*\) as channel_values/;
