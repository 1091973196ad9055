/** Genie over managed MCP: one tool to ask, one to poll, both found by their prefix (contracts section 3a). */
import type { BackendConfigOf } from "../../config/schema.ts";
import { fault } from "../fault.ts";
import type { McpSessions } from "../mcp/sessions.ts";
import type { McpSession } from "../mcp/session.ts";
import { readMcpMessage } from "./read-mcp-message.ts";
import type { GenieTransport } from "./transport.ts";

const ASK = "query_space_";
const POLL = "poll_response_";

export function createGenieMcpTransport(
  config: BackendConfigOf<"genie">,
  sessions: McpSessions,
): GenieTransport {
  async function toolName(session: McpSession, prefix: string): Promise<string> {
    const names = (await session.tools()).map((tool) => tool.name).filter((name) => name.startsWith(prefix));
    const name = names.find((one) => one === `${prefix}${config.target}`) ?? names[0];
    if (name === undefined) {
      throw fault(
        "not_found",
        { backend: config.name },
        `the MCP server has no tool that starts with ${prefix}`,
      );
    }
    return name;
  }

  return {
    name: "mcp",
    ask: (scope, question, conversation_id) =>
      sessions.use(scope, async (session) => {
        const args = { query: question, ...(conversation_id !== undefined && { conversation_id }) };
        const result = await session.call(scope, await toolName(session, ASK), args);
        return readMcpMessage(config.name, result, config.max_rows);
      }),
    poll: (scope, conversation_id, message_id) =>
      sessions.use(scope, async (session) => {
        const name = await toolName(session, POLL);
        const result = await session.call(scope, name, { conversation_id, message_id });
        return readMcpMessage(config.name, result, config.max_rows);
      }),
  };
}
