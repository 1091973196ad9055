/** MCP sessions per identity: reused while they are healthy, opened again when lost, never shared between users. */
import { BackendError } from "../errors.ts";
import { fault } from "../fault.ts";
import type { Channel } from "../http/channel.ts";
import { openScope, type Scope } from "../http/scope.ts";
import type { Clock } from "../clock.ts";
import type { Identity } from "../auth/identity.ts";
import { createExpiringCache } from "../expiring-cache.ts";
import { withSignal } from "../with-signal.ts";
import { createMcpFetch } from "./mcp-fetch.ts";
import { createMcpScope } from "./mcp-scope.ts";
import type { McpSession } from "./session.ts";

export interface McpSessions {
  /** Works with the session of the scope's identity; a lost session is opened again once. */
  use<T>(scope: Scope, work: (session: McpSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface McpSessionsOptions {
  url: string;
  channel: Channel;
  clock: Clock;
  send_token: boolean;
  headers: Record<string, string>;
}

const LIFETIME_MS = 600_000;
const MAX_SESSIONS = 200;
/** After so much silence a session is looked at before it is trusted with a question. */
const IDLE_CHECK_MS = 30_000;
const OPEN_TIMEOUT_MS = 20_000;
const CLOSE_TIMEOUT_MS = 2_000;

interface Held {
  session: Promise<McpSession>;
  identity: Identity | null;
  used_at: number;
}

export function createMcpSessions(options: McpSessionsOptions): McpSessions {
  const { channel, clock } = options;
  const current = createMcpScope();
  const held = createExpiringCache<Held>(
    { ttl_ms: LIFETIME_MS, max_entries: MAX_SESSIONS, onEvict: (value) => void closeHeld(value) },
    clock,
  );

  /** Work on a session that belongs to nobody's question: whoever began it may leave while others wait for it. */
  async function apart<T>(
    identity: Identity | null,
    timeout_ms: number,
    work: (scope: Scope) => Promise<T>,
  ): Promise<T> {
    const timedOut = () => fault("timeout", { backend: channel.name });
    const signal = new AbortController().signal;
    const scope = openScope({ signal, deadline: Infinity, timeout_ms, identity, timedOut }, clock);
    try {
      return await current.run(scope, () => work(scope));
    } finally {
      scope.end();
    }
  }

  function open({ identity, spent }: Scope): Promise<McpSession> {
    const { url, send_token, headers } = options;
    const fetch = createMcpFetch({
      channel,
      send_token,
      headers,
      scope: () => current.current(),
      apart: (work) => apart(identity, CLOSE_TIMEOUT_MS, work),
    });
    return apart(identity, OPEN_TIMEOUT_MS, async (scope) => {
      try {
        // The SDK takes a tenth of a second to load; who asks no MCP server need not wait for it.
        const { openMcpSession } = await import("./session.ts");
        return await openMcpSession(channel.name, url, fetch);
      } finally {
        spent.attempts += scope.spent.attempts;
      }
    });
  }

  async function closeHeld({ session, identity }: Held): Promise<void> {
    // A session that was never opened, or whose server is gone, is closed already.
    await apart(identity, CLOSE_TIMEOUT_MS, async () => await (await session).close()).catch(() => undefined);
  }

  async function take(scope: Scope): Promise<{ key: string; held: Held; fresh: boolean }> {
    const key = options.send_token ? (scope.identity?.key ?? "") : "";
    const known = held.get(key);
    if (known !== undefined && (await healthy(known, key))) return { key, held: known, fresh: false };
    const opened = { session: open(scope), identity: scope.identity, used_at: clock.now() };
    held.set(key, opened);
    opened.session.catch(() => forget(key, opened));
    return { key, held: opened, fresh: true };
  }

  async function healthy(value: Held, key: string): Promise<boolean> {
    const idle = clock.now() - value.used_at;
    value.used_at = clock.now();
    if (idle < IDLE_CHECK_MS) return true;
    try {
      await (await value.session).ping();
      return true;
    } catch {
      forget(key, value);
      return false;
    }
  }

  /** Only this very session: another caller may have opened a new one meanwhile. */
  function forget(key: string, value: Held): void {
    if (held.get(key) === value) held.delete(key);
  }

  async function attempt<T>(scope: Scope, work: (session: McpSession) => Promise<T>): Promise<T> {
    const taken = await take(scope);
    try {
      return await work(await withSignal(taken.held.session, scope.signal));
    } catch (error) {
      if (taken.fresh || !sessionLost(error)) throw error;
      forget(taken.key, taken.held);
      return await work(await withSignal((await take(scope)).held.session, scope.signal));
    }
  }

  return {
    use: (scope, work) => current.run(scope, () => attempt(scope, work)),
    async close() {
      await Promise.all(held.values().map(closeHeld));
    },
  };
}

/** A server answers 404 to a session that it no longer knows (MCP specification, session management). */
function sessionLost(error: unknown): boolean {
  return error instanceof BackendError && error.detail.status === 404;
}
