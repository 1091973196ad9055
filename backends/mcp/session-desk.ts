/** Opens and closes MCP sessions on nobody's behalf: whoever began one may leave while others wait for it. */
import type { Identity } from "../auth/identity.ts";
import type { Clock } from "../clock.ts";
import { fault } from "../fault.ts";
import type { Channel } from "../http/channel.ts";
import { openScope, type Scope } from "../http/scope.ts";
import { withSignal } from "../with-signal.ts";
import { createMcpFetch } from "./mcp-fetch.ts";
import type { McpScope } from "./mcp-scope.ts";
import type { McpSession } from "./session.ts";

export interface McpServer {
  url: string;
  channel: Channel;
  clock: Clock;
  /** Whether the identity's token goes along. */
  send_token: boolean;
  headers: Record<string, string>;
  writes: boolean;
}

export interface SessionDesk {
  /** The calls that it takes are counted in `scope`. */
  open(scope: Scope): Promise<McpSession>;
  /** Never fails: a session that was never opened, or whose server is gone, is closed already. */
  close(session: Promise<McpSession>, identity: Identity | null): Promise<void>;
}

const OPEN_TIMEOUT_MS = 20_000;
const CLOSE_TIMEOUT_MS = 2_000;

export function createSessionDesk(server: McpServer, current: McpScope): SessionDesk {
  const { url, channel, clock, send_token, headers, writes } = server;

  async function apart<T>(
    identity: Identity | null,
    timeout_ms: number,
    work: (scope: Scope) => Promise<T>,
  ): Promise<T> {
    const timedOut = () => fault("timeout", { backend: channel.name });
    const { signal } = new AbortController();
    const scope = openScope({ signal, deadline: Infinity, timeout_ms, identity, timedOut }, clock);
    try {
      return await current.run(scope, () => work(scope));
    } finally {
      scope.end();
    }
  }

  return {
    open({ identity, spent }) {
      const scope = () => current.current();
      const late = <T>(work: (scope: Scope) => Promise<T>) => apart(identity, CLOSE_TIMEOUT_MS, work);
      const fetch = createMcpFetch({ channel, send_token, headers, writes, scope, apart: late });
      return apart(identity, OPEN_TIMEOUT_MS, async (own) => {
        try {
          // The SDK takes a tenth of a second to load; who asks no MCP server need not wait for it.
          const { openMcpSession } = await import("./session.ts");
          return await openMcpSession(channel.name, url, fetch);
        } finally {
          spent.attempts += own.spent.attempts;
        }
      });
    },
    async close(session, identity) {
      const close = async (own: Scope) => await (await withSignal(session, own.signal)).close();
      await apart(identity, CLOSE_TIMEOUT_MS, close).catch(() => undefined);
    },
  };
}
