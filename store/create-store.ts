/** Opens the configured database and puts the parts of the store together. */
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { PersistenceConfig } from "../config/schema.ts";
import { beginRun } from "./begin-run.ts";
import { openPersistence, type Persistence, type PersistenceDeps } from "./checkpointer.ts";
import { conversationTable } from "./conversations.ts";
import { deleteThread, forgetThread } from "./delete-thread.ts";
import { eventLog } from "./event-log.ts";
import { evidenceOf } from "./evidence.ts";
import { feedbackTable } from "./feedback.ts";
import type { HeldLock, HeldLocks } from "./held-lock.ts";
import { idempotencyTable } from "./idempotency.ts";
import { pendingOf } from "./pending.ts";
import { regularly } from "./regularly.ts";
import { responseTable } from "./responses.ts";
import { retention } from "./retention.ts";
import { runTable } from "./runs.ts";
import { openSession, type Session, sessionTimes, type SessionTimes } from "./session.ts";
import type { Store } from "./store.ts";
import { threadLocks } from "./thread-locks.ts";
import { threadStore } from "./threads.ts";
import { traceTable } from "./traces.ts";
import { turnStore } from "./turns.ts";
import { usageTable } from "./usage.ts";

export interface StoreDeps extends PersistenceDeps {
  randomId?: () => string;
  sessionTimes?: SessionTimes;
  /** Failures of what runs in the background; it is tried again. */
  onError?: (error: unknown, task: "heartbeat" | "retention") => void;
}

/** How often a process looks whether the retention job is due; the job itself runs once per `every_ms` over all. */
const RETENTION_LOOK_MS = 60_000;

/** Throws `StoreError` with the fix in its message when the database cannot be used. */
export async function createStore(config: PersistenceConfig, deps: StoreDeps): Promise<Store> {
  const held = new AsyncLocalStorage<HeldLock>();
  const persistence = await openPersistence(config, deps, held);
  const identity = { id: (deps.randomId ?? randomUUID)(), host: hostname(), pid: process.pid };
  const times = deps.sessionTimes ?? sessionTimes(config.lease_ms);
  const onError = (error: unknown) => deps.onError?.(error, "heartbeat");
  try {
    const session = await openSession(persistence.heartbeat, identity, times, onError);
    return assemble(persistence, session, held, config, deps);
  } catch (error) {
    await persistence.heartbeat.close();
    await persistence.database.close();
    throw error;
  }
}

function assemble(
  { database, heartbeat, checkpointer }: Persistence,
  session: Session,
  held: HeldLocks,
  config: PersistenceConfig,
  deps: StoreDeps,
): Store {
  const host = hostname();
  const locks = threadLocks(database, session, host, held);
  const keeping = retention(database, checkpointer, locks, config.retention);
  const job = regularly(
    Math.min(RETENTION_LOOK_MS, config.retention.every_ms),
    async (signal) => void (await keeping.runIfDue(signal)),
    (error) => deps.onError?.(error, "retention"),
  );
  return {
    checkpointer,
    ...locks,
    threads: threadStore(database),
    turns: turnStore(database, held),
    responses: responseTable(database, held),
    conversations: conversationTable(database, held),
    idempotency: idempotencyTable(database, session.id),
    runs: runTable(database, session, host),
    events: eventLog(database),
    feedback: feedbackTable(database),
    usage: usageTable(database),
    traces: traceTable(database),
    retention: keeping,
    beginRun: (beginning) => beginRun(database, held, beginning),
    evidence: (owner, threadId) => evidenceOf(database, owner, threadId),
    pending: (runId) => pendingOf(database, held, runId),
    forgetThread: (owner, threadId) => forgetThread(database, checkpointer, owner, threadId),
    deleteThread: async (owner, threadId) => {
      const existed = await deleteThread(database, checkpointer, owner, threadId);
      if (existed) await database.compact();
      return existed;
    },
    sizes: () => database.sizes(),
    ping: () => database.ping(),
    close: async () => {
      await job.stop();
      await session.close();
      await heartbeat.close();
      await database.close();
    },
  };
}
