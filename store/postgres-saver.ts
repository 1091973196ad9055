/** LangGraph's official PostgresSaver, made safe for forks, takeovers and short outages. */
import { randomInt } from "node:crypto";
import type { RunnableConfig } from "@langchain/core/runnables";
import type {
  ChannelVersions,
  Checkpoint,
  CheckpointMetadata,
  CheckpointTuple,
  PendingWrite,
} from "@langchain/langgraph-checkpoint";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { fencedPool } from "./fenced-pool.ts";
import type { HeldLocks } from "./held-lock.ts";
import { patiently } from "./patience.ts";
import { plainSerializer } from "./plain-serializer.ts";
import type { PostgresOptions } from "./postgres-database.ts";

/** Nine digits after the point: a double keeps them apart up to some millions of steps. */
const FRACTIONS = 1_000_000_000;

export class DurablePostgresSaver extends PostgresSaver {
  readonly #patienceMs: number;

  constructor(options: PostgresOptions, held: HeldLocks) {
    super(fencedPool(options, held), undefined, { schema: options.schema });
    this.serde = plainSerializer(this.serde);
    this.#patienceMs = options.patienceMs;
  }

  /**
   * The published saver counts 1, 2, 3, …, and keeps each value under thread, channel and version: two children of
   * one checkpoint use the same numbers, and the second silently reads the values of the first. A random fraction
   * keeps them apart, as in the Python version.
   */
  override getNextVersion(current: number | undefined): number {
    return Math.floor(current ?? 0) + 1 + randomInt(FRACTIONS) / FRACTIONS;
  }

  override setup(): Promise<void> {
    return patiently(() => super.setup(), this.#patienceMs);
  }

  override getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    return patiently(() => super.getTuple(config), this.#patienceMs);
  }

  override put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    return patiently(() => super.put(config, checkpoint, metadata, newVersions), this.#patienceMs);
  }

  override putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    return patiently(() => super.putWrites(config, writes, taskId), this.#patienceMs);
  }

  override deleteThread(threadId: string): Promise<void> {
    return patiently(() => super.deleteThread(threadId), this.#patienceMs);
  }
}
