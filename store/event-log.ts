/** The events of background runs: committed in groups before they are sent, read again from any position. */
import type { Database } from "./database.ts";
import { eventWriter } from "./event-writer.ts";
import { notifier } from "./notifier.ts";
import type { RunLease } from "./run-lease.ts";
import { UNFINISHED } from "./run-record.ts";

export interface LoggedEvent {
  sequence_number: number;
  /** As it goes over the wire. */
  event: string;
}

export interface EventLog {
  /**
   * Resolves once committed; only then may the event be sent. Events of one run are committed in the order of the
   * calls. Throws `lease_lost` when another process took the run over.
   */
  append(lease: Pick<RunLease, "run" | "fence">, events: readonly LoggedEvent[]): Promise<void>;
  /** The highest sequence number, -1 when there is none: a takeover goes on behind it. */
  last(runId: string): Promise<number>;
  /** Events behind `after` (-1 for all), in order. Whose run it is, `runs.get` has told before. */
  read(runId: string, after: number, limit?: number): Promise<LoggedEvent[]>;
  /** Events behind `after`, then each new one, until the run is over. Ends by the signal's reason when it aborts. */
  tail(runId: string, after: number, signal: AbortSignal): AsyncGenerator<LoggedEvent>;
}

/** Events of runs in other processes are looked for this often, less so the longer nothing comes. */
const POLL_MS = { first: 100, longest: 1_000 };

const PAGE = 500;

export function eventLog(database: Database): EventLog {
  const changes = notifier();
  const writer = eventWriter(database, (runId) => changes.notify(runId));

  const read = async (runId: string, after: number, limit = PAGE): Promise<LoggedEvent[]> => {
    const { rows } = await database.query(
      `SELECT sequence_number, event FROM @run_events WHERE run_id = ? AND sequence_number > ?
       ORDER BY sequence_number LIMIT ?`,
      runId,
      after,
      limit,
    );
    return rows.map((row) => ({
      sequence_number: Number(row["sequence_number"]),
      event: String(row["event"]),
    }));
  };

  async function* tail(runId: string, after: number, signal: AbortSignal): AsyncGenerator<LoggedEvent> {
    let position = after;
    for (let pause = POLL_MS.first; ; pause = Math.min(pause * 2, POLL_MS.longest)) {
      signal.throwIfAborted();
      // Watch and look at the state before reading: what is written meanwhile is then never missed.
      const changed = changes.next(runId, pause, signal);
      const open = await isOpen(database, runId);
      const events = await read(runId, position);
      for (const event of events) {
        yield event;
        position = event.sequence_number;
      }
      if (events.length > 0) pause = POLL_MS.first / 2;
      else if (open) await changed;
      else return;
    }
  }

  return {
    append: writer.append,
    last: async (runId) => {
      const { rows } = await database.query(
        `SELECT MAX(sequence_number) AS last FROM @run_events WHERE run_id = ?`,
        runId,
      );
      return Number(rows[0]?.["last"] ?? -1);
    },
    read,
    tail,
  };
}

async function isOpen(database: Database, runId: string): Promise<boolean> {
  const { rows } = await database.query(`SELECT id FROM @runs WHERE id = ? AND ${UNFINISHED}`, runId);
  return rows.length > 0;
}
