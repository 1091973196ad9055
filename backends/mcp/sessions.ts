/** MCP sessions per identity: reused while they are healthy, opened again when lost, never shared between users. */
import { BackendError } from "../errors.ts";
import { createExpiringCache } from "../expiring-cache.ts";
import type { Scope } from "../http/scope.ts";
import { withSignal } from "../with-signal.ts";
import { holdSession, type HeldSession } from "./held-session.ts";
import { createMcpScope } from "./mcp-scope.ts";
import { createSessionDesk, type McpServer } from "./session-desk.ts";
import type { McpSession } from "./session.ts";

export interface McpSessions {
  /** Works with the session of the scope's identity; a lost session is opened again once. */
  use<T>(scope: Scope, work: (session: McpSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const LIFETIME_MS = 600_000;
const MAX_SESSIONS = 200;

export function createMcpSessions(server: McpServer): McpSessions {
  const current = createMcpScope();
  const desk = createSessionDesk(server, current);
  const onEvict = (held: HeldSession) => void held.retire();
  const sessions = createExpiringCache<HeldSession>(
    { ttl_ms: LIFETIME_MS, max_entries: MAX_SESSIONS, onEvict },
    server.clock,
  );

  /** Only this very session: another caller may have opened a new one meanwhile. */
  function forget(key: string, held: HeldSession): void {
    if (sessions.get(key) === held) sessions.delete(key);
  }

  async function take(scope: Scope, key: string): Promise<{ held: HeldSession; fresh: boolean }> {
    const known = sessions.get(key);
    if (known !== undefined && (await known.healthy())) return { held: known, fresh: false };
    if (known !== undefined) forget(key, known);
    const held = holdSession(desk.open(scope), scope.identity, desk, server.clock);
    sessions.set(key, held);
    held.session.catch(() => forget(key, held));
    return { held, fresh: true };
  }

  async function attempt<T>(scope: Scope, work: (session: McpSession) => Promise<T>): Promise<T> {
    const key = server.send_token ? (scope.identity?.key ?? "") : "";
    const run = ({ held }: { held: HeldSession }) =>
      held.use(async () => await work(await withSignal(held.session, scope.signal)));
    const taken = await take(scope, key);
    try {
      return await run(taken);
    } catch (error) {
      // Who comes next need not wait for an opening that took all of this one's time.
      if (!taken.held.isOpen()) forget(key, taken.held);
      if (taken.fresh || !sessionLost(error)) throw error;
      forget(key, taken.held);
      return await run(await take(scope, key));
    }
  }

  return {
    use: (scope, work) => current.run(scope, () => attempt(scope, work)),
    async close() {
      await Promise.all(sessions.values().map((held) => held.retire()));
    },
  };
}

/** A server answers 404 to a session that it no longer knows (MCP specification, session management). */
function sessionLost(error: unknown): boolean {
  return error instanceof BackendError && error.detail.status === 404;
}
