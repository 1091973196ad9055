/** One MCP session: the SDK's client over our channel, and what it found out about the server's tools. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Tool } from "@modelcontextprotocol/sdk/types.js";
import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";

export interface McpSession {
  readonly client: Client;
  /** Listed once per session. */
  tools(): Promise<Tool[]>;
  /** Tells the server that the session is over, as far as it listens. */
  close(): Promise<void>;
}

/** Pages of `tools/list` that are followed. */
const MAX_PAGES = 20;

export async function openMcpSession(url: string, fetch: FetchLike): Promise<McpSession> {
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch,
    reconnectionOptions: {
      initialReconnectionDelay: 500,
      maxReconnectionDelay: 5_000,
      reconnectionDelayGrowFactor: 2,
      maxRetries: 3,
    },
  });
  const client = new Client({ name: "multi-agent-orchestrator", version: "1.0.0" }, { capabilities: {} });
  await client.connect(transport);
  let listed: Tool[] | null = null;
  return {
    client,
    tools: async () => (listed ??= await listTools(client)),
    async close() {
      await transport.terminateSession().catch(() => undefined);
      await client.close();
    },
  };
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
