/** One MCP session: the SDK's client over our channel, and what it found out about the server's tools. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CallToolResultSchema, type CallToolResult, type Tool } from "@modelcontextprotocol/sdk/types.js";
import { trace } from "@opentelemetry/api";
import type { Scope } from "../http/scope.ts";
import { traceHeaders } from "../http/traceparent.ts";
import { mcpFault } from "./mcp-fault.ts";

export interface McpSession {
  /** Listed once per session. */
  tools(): Promise<Tool[]>;
  call(scope: Scope, name: string, args: Record<string, unknown>): Promise<CallToolResult>;
  ping(): Promise<void>;
  /** Tells the server that the session is over, as far as it listens. */
  close(): Promise<void>;
}

/** Pages of `tools/list` that are followed. */
const MAX_PAGES = 20;
/** The scope's signal ends a call; the SDK's own timer (at most 2^31 - 1 ms) only must not come before it. */
const NO_TIMEOUT_MS = 2_147_483_647;

const RECONNECTION = {
  initialReconnectionDelay: 500,
  maxReconnectionDelay: 5_000,
  reconnectionDelayGrowFactor: 2,
  maxRetries: 3,
};

/** Everything it throws is a `BackendError`, or the reason of an aborted scope. */
export async function openMcpSession(backend: string, url: string, fetch: FetchLike): Promise<McpSession> {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch,
    reconnectionOptions: RECONNECTION,
  });
  const client = new Client({ name: "multi-agent-orchestrator", version: "1.0.0" }, { capabilities: {} });
  await told(backend, client.connect(transport));
  let listed: Tool[] | null = null;
  return {
    tools: async () => (listed ??= await told(backend, listTools(client))),
    call: (scope, name, args) => told(backend, callTool(client, scope, name, args), scope.signal),
    ping: async () => void (await told(backend, client.ping())),
    async close() {
      await transport.terminateSession().catch(() => undefined);
      await client.close();
    },
  };
}

async function told<T>(backend: string, work: Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // The SDK wraps the reason of an abort in an error of its own.
    throw signal?.aborted === true ? signal.reason : mcpFault(backend, error);
  }
}

async function listTools(client: Client): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const listed = await client.listTools(cursor === undefined ? undefined : { cursor });
    tools.push(...listed.tools);
    cursor = listed.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}

/** The trace context goes in `_meta` beside the HTTP header, as MCP wants it (evals section 5.1). */
async function callTool(
  client: Client,
  scope: Scope,
  name: string,
  args: Record<string, unknown>,
): Promise<CallToolResult> {
  const span = trace.getActiveSpan();
  const meta = span === undefined ? {} : traceHeaders(span);
  const result = await client.callTool(
    { name, arguments: args, ...(Object.keys(meta).length > 0 && { _meta: meta }) },
    CallToolResultSchema,
    { signal: scope.signal, timeout: NO_TIMEOUT_MS },
  );
  return CallToolResultSchema.parse(result);
}
