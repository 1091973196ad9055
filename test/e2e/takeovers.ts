/** Watches in the database how long runs stay with a process that is no more, or stands still. */
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

export interface Takeovers {
  /** The runs that the process holds now; the clock starts. */
  begin(pid: number | undefined): Promise<Watching>;
  close(): Promise<void>;
}

export interface Watching {
  /** Milliseconds until another process had each of the runs that changed hands so far. */
  times(): number[];
  /** Marks of these runs' turns. */
  marks(): string[];
}

interface Held {
  id: string;
  fence: string;
  request: string;
}

const POLL_MS = 50;

export async function takeovers(url: string): Promise<Takeovers> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const ended = new AbortController();
  const watches: Promise<void>[] = [];
  return {
    begin: async (pid) => {
      const { rows: held } = await client.query<Held>(
        `SELECT r.id, r.fence, r.request FROM orchestrator.runs r JOIN orchestrator.sessions s ON s.id = r.holder
         WHERE s.pid = $1 AND r.state = 'running'`,
        [pid],
      );
      const taken = new Map<string, number>();
      watches.push(follow(client, held, taken, ended.signal));
      return {
        times: () => [...taken.values()],
        marks: () => held.filter(({ id }) => taken.has(id)).flatMap(({ request }) => markIn(request)),
      };
    },
    close: async () => {
      ended.abort();
      await Promise.all(watches);
      await client.end();
    },
  };
}

/** A claim raises the fence; a run that ended under the old one did not change hands. */
async function follow(
  client: Client,
  held: Held[],
  taken: Map<string, number>,
  ended: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const fences = new Map(held.map(({ id, fence }) => [id, fence]));
  while (fences.size > 0 && !ended.aborted) {
    const { rows } = await client.query<Held & { open: boolean }>(
      `SELECT id, fence, state IN ('queued', 'running') AS open FROM orchestrator.runs WHERE id = ANY($1)`,
      [[...fences.keys()]],
    );
    for (const { id, fence, open } of rows) {
      if (fence !== fences.get(id)) taken.set(id, Math.round(performance.now() - began));
      if (fence !== fences.get(id) || !open) fences.delete(id);
    }
    await sleep(POLL_MS);
  }
}

function markIn(text: string): string[] {
  return /\[c\d+t\d+\]/.exec(text)?.slice(0, 1) ?? [];
}
