/** The pooled connections of this process: keep-alive per origin, TLS always verified, redirects never followed. */
import { Agent, type Dispatcher } from "undici";

export interface ConnectionPool {
  /** Connections are shared by everyone with the same connect timeout. */
  dispatcher(connect_timeout_ms: number): Dispatcher;
  close(): Promise<void>;
}

const KEEP_ALIVE_MS = 30_000;

export function createConnectionPool(): ConnectionPool {
  const agents = new Map<number, Agent>();
  let closed = false;
  return {
    dispatcher(connect_timeout_ms) {
      let agent = agents.get(connect_timeout_ms);
      if (agent === undefined) {
        agent = new Agent({
          // Stated, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
          connect: { timeout: connect_timeout_ms, rejectUnauthorized: true },
          keepAliveTimeout: KEEP_ALIVE_MS,
          // The deadline of the request decides how long an answer may take to begin.
          headersTimeout: 0,
        });
        agents.set(connect_timeout_ms, agent);
        // Who still calls after the end gets the same refusal as those who were under way.
        if (closed) void agent.destroy();
      }
      return agent;
    },
    async close() {
      closed = true;
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}
