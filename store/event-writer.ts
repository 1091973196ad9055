/** Group commit: what several runs append within a few milliseconds becomes durable in one transaction. */
import { type Database, execute, type SqlValue, type Transaction } from "./database.ts";
import type { EventLog, LoggedEvent } from "./event-log.ts";
import { leaseLost } from "./run-lease.ts";

interface Batch {
  runId: string;
  fence: number;
  events: readonly LoggedEvent[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** How long the first event of a group waits for others. */
const GROUP_MS = 3;

/** Rows of one INSERT; both databases allow many more values than three times this. */
const ROWS = 300;

export function eventWriter(
  database: Database,
  committed: (runId: string) => void,
): Pick<EventLog, "append"> {
  let waiting: Batch[] = [];
  let busy = false;

  const flush = async (): Promise<void> => {
    const group = waiting;
    waiting = [];
    try {
      const fenced = await database.transaction(() => write(group, database.now()));
      for (const batch of group) {
        if (fenced.has(batch)) batch.reject(leaseLost(batch.runId));
        else batch.resolve();
      }
      for (const runId of new Set(group.map((batch) => batch.runId))) committed(runId);
    } catch (error) {
      for (const batch of group) batch.reject(error);
    }
  };

  const work = async (): Promise<void> => {
    // One group after the other: what arrives during a commit forms the next one.
    while (waiting.length > 0) await flush();
    busy = false;
  };

  return {
    append: (lease, events) =>
      new Promise((resolve, reject) => {
        waiting.push({ runId: lease.run.id, fence: lease.fence, events, resolve, reject });
        if (busy) return;
        busy = true;
        setTimeout(() => void work(), GROUP_MS);
      }),
  };
}

/** Returns the batches whose run belongs to somebody else by now; they leave no trace, the others are not held up. */
function* write(group: readonly Batch[], now: number): Transaction<Set<Batch>> {
  const fenced = new Set<Batch>();
  const rows: SqlValue[][] = [];
  // In one order everywhere, so that two processes cannot wait for each other's rows.
  for (const run of [...new Set(group.map((batch) => batch.runId))].sort()) {
    const batches = group.filter((batch) => batch.runId === run);
    for (const fence of new Set(batches.map((batch) => batch.fence))) {
      const { changes } = yield* execute(
        `UPDATE @runs SET updated_at = ? WHERE id = ? AND fence = ? AND holder IS NOT NULL`,
        now,
        run,
        fence,
      );
      for (const batch of batches.filter((candidate) => candidate.fence === fence)) {
        if (changes === 0) fenced.add(batch);
        else rows.push(...batch.events.map((event) => [run, event.sequence_number, event.event]));
      }
    }
  }
  for (let start = 0; start < rows.length; start += ROWS) {
    const chunk = rows.slice(start, start + ROWS);
    yield* execute(
      `INSERT INTO @run_events (run_id, sequence_number, event) VALUES ${chunk.map(() => "(?, ?, ?)").join(", ")}
       ON CONFLICT (run_id, sequence_number) DO NOTHING`,
      ...chunk.flat(),
    );
  }
  return fenced;
}
