/** What many conversations left in the database, thread by thread. */
import { Client } from "pg";
import { PersistenceConfig } from "../../config/schema.ts";
import { internalThreadId } from "../../server/responses/thread-key.ts";
import { createStore } from "../../store/create-store.ts";

export interface LeftInDatabase {
  /** Questions of each conversation's transcript, in order. */
  transcripts: string[][];
  /** Questions that the graph's state remembers of each conversation, in order. */
  remembered: string[][];
  /** Runs by how many processes worked on them. */
  attempts: Record<string, number>;
  /** Runs that are not at their end. */
  open: number;
}

const OWNER = "anonymous";

export async function leftInDatabase(url: string, conversations: number): Promise<LeftInDatabase> {
  const store = await createStore(PersistenceConfig.parse({ kind: "postgres", url }), { env: {} });
  const transcripts: string[][] = [];
  const remembered: string[][] = [];
  for (let n = 0; n < conversations; n += 1) {
    const thread_id = internalThreadId(OWNER, `c${n}`);
    const turns = await store.turns.list(OWNER, thread_id, 1_000);
    transcripts.push(turns.map((turn) => turn.question));
    const tuple = await store.checkpointer.getTuple({ configurable: { thread_id } });
    const history = (tuple?.checkpoint.channel_values["history"] ?? []) as {
      role: string;
      content: string;
    }[];
    remembered.push(history.filter(({ role }) => role === "user").map(({ content }) => content));
  }
  await store.close();
  return { transcripts, remembered, ...(await runs(url)) };
}

async function runs(url: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ attempt: string; runs: string; open: string }>(
    `SELECT attempt, COUNT(*) AS runs, COUNT(*) FILTER (WHERE state IN ('queued', 'running')) AS open
     FROM orchestrator.runs GROUP BY attempt`,
  );
  await client.end();
  return {
    attempts: Object.fromEntries(rows.map((row) => [row.attempt, Number(row.runs)])),
    open: rows.reduce((sum, row) => sum + Number(row.open), 0),
  };
}
