/** LangGraph's official SqliteSaver on our connection: reads as it does, writes in groups, and only while the run holds its thread. */
import type { RunnableConfig } from "@langchain/core/runnables";
import {
  type Checkpoint,
  type CheckpointMetadata,
  type PendingWrite,
  WRITES_IDX_MAP,
} from "@langchain/langgraph-checkpoint";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { checkpointWriter, type CheckpointWriter } from "./checkpoint-writer.ts";
import type { HeldLocks } from "./held-lock.ts";
import { plainSerializer } from "./plain-serializer.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

export class DurableSqliteSaver extends SqliteSaver {
  readonly #write: CheckpointWriter;

  /** The connection's database must have been migrated. */
  constructor(connection: SqliteConnection, held: HeldLocks) {
    super(connection as object as ConstructorParameters<typeof SqliteSaver>[0]);
    this.serde = plainSerializer(this.serde);
    // Otherwise the tables come with the first checkpoint, and deleting or pruning before that fails.
    this.setup();
    this.#write = checkpointWriter(connection, held);
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    const { thread_id, checkpoint_ns = "", checkpoint_id: parent } = placeOf(config);
    const [[type, state], [, facts]] = await Promise.all([
      this.serde.dumpsTyped(checkpoint),
      this.serde.dumpsTyped(metadata),
    ]);
    const row = [thread_id, checkpoint_ns, checkpoint.id, parent, type, state, facts];
    await this.#write([[PUT, row]]);
    return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
  }

  override async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    const { thread_id, checkpoint_ns = "", checkpoint_id } = placeOf(config);
    if (checkpoint_id === undefined) throw new TypeError("Writes belong to a checkpoint.");
    if (writes.length === 0) return;
    const rows = await Promise.all(
      writes.map(async ([channel, value], at) => {
        const [type, serialized] = await this.serde.dumpsTyped(value);
        const index = WRITES_IDX_MAP[channel] ?? at;
        return [thread_id, checkpoint_ns, checkpoint_id, taskId, index, channel, type, serialized];
      }),
    );
    const special = writes.every(([channel]) => channel in WRITES_IDX_MAP);
    const sql = putWritesSql(special ? "REPLACE" : "IGNORE", rows.length);
    await this.#write([[sql, rows.flat()]]);
  }
}

const PUT = `INSERT OR REPLACE INTO checkpoints
  (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;

/** What a task wrote first counts, but for its error, interrupt and resume values. */
function putWritesSql(otherwise: "REPLACE" | "IGNORE", rows: number): string {
  return `INSERT OR ${otherwise} INTO writes
    (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, value)
    VALUES ${Array.from({ length: rows }, () => "(?, ?, ?, ?, ?, ?, ?, ?)").join(", ")}`;
}

interface Place {
  thread_id: string;
  checkpoint_ns?: string;
  checkpoint_id?: string;
}

function placeOf(config: RunnableConfig): Place {
  const place = config.configurable as Partial<Place> | undefined;
  if (place?.thread_id === undefined) throw new TypeError("A checkpoint belongs to a thread.");
  return { ...place, thread_id: place.thread_id };
}
