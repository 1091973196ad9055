/** Opens the configured database and puts the parts of the store together. */
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { PersistenceConfig } from "../config/schema.ts";
import { openPersistence, type PersistenceDeps } from "./checkpointer.ts";
import { conversationTable } from "./conversations.ts";
import { evidenceOf } from "./evidence.ts";
import { forgetThread } from "./forget-thread.ts";
import type { HeldLock } from "./held-lock.ts";
import { idempotencyTable } from "./idempotency.ts";
import { pendingOf } from "./pending.ts";
import { responseTable } from "./responses.ts";
import { openSession, SESSION_TIMES, type SessionTimes } from "./session.ts";
import type { Store } from "./store.ts";
import { threadLocks } from "./thread-locks.ts";
import { threadStore } from "./threads.ts";
import { turnStore } from "./turns.ts";

export interface StoreDeps extends PersistenceDeps {
  randomId?: () => string;
  sessionTimes?: SessionTimes;
}

/** Throws `StoreError` with the fix in its message when the database cannot be used. */
export async function createStore(config: PersistenceConfig, deps: StoreDeps): Promise<Store> {
  const held = new AsyncLocalStorage<HeldLock>();
  const { database, checkpointer } = await openPersistence(config, deps, held);
  const host = hostname();
  const identity = { id: (deps.randomId ?? randomUUID)(), host, pid: process.pid };
  const session = await openSession(database, identity, deps.sessionTimes ?? SESSION_TIMES);
  return {
    checkpointer,
    threads: threadStore(database),
    turns: turnStore(database),
    responses: responseTable(database),
    conversations: conversationTable(database),
    idempotency: idempotencyTable(database, session.id),
    evidence: (owner, threadId) => evidenceOf(database, owner, threadId),
    pending: (runId) => pendingOf(database, runId),
    ...threadLocks(database, session, host, held),
    forgetThread: (owner, threadId) => forgetThread(database, checkpointer, owner, threadId),
    sizes: () => database.sizes(),
    ping: async () => void (await database.query("SELECT 1")),
    close: async () => {
      await session.close();
      await database.close();
    },
  };
}
