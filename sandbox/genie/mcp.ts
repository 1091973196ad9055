/** Genie as managed MCP: one tool to ask, one to poll (contracts section 3a). */
import { Router, type Request, type Response } from "express";
import { WireError, missing } from "../http/errors.ts";
import { callOf, gate } from "../http/gate.ts";
import { param } from "../http/param.ts";
import { mcpEndpoint } from "../mcp/endpoint.ts";
import { RpcError, textArgument } from "../mcp/rpc.ts";
import { textTool, type McpTool, type ToolResult } from "../mcp/tool.ts";
import type { SandboxState } from "../state.ts";
import type { GenieMessage } from "./message.ts";
import { GENIE_SCOPES } from "./rest.ts";
import { SPACE_ID } from "./store.ts";
import { mcpMessage } from "./wire.ts";

export function genieMcpRoutes(state: SandboxState): Router {
  const router = Router();
  const tools = [queryTool(state), pollTool(state)];
  const endpoint = mcpEndpoint(state, "genie_mcp", (req) => {
    if (param(req, "space") === SPACE_ID) return tools;
    throw missing(`Genie space ${param(req, "space")} does not exist.`);
  });
  router.all("/api/2.0/mcp/genie/:space", gate(state, "genie_mcp", { scopes: GENIE_SCOPES }), endpoint);
  return router;
}

function queryTool(state: SandboxState): McpTool {
  const description =
    `Query the ${state.company.genie.title} genie space for data insights. If the message is not complete, you can use ` +
    `poll_response_${SPACE_ID} with the returned conversation_id and message_id.`;
  const ask: McpTool["call"] = async (args, { subject, req, res }) => {
    const query = textArgument(args, "query");
    const { conversation_id: id } = args;
    const message = asRpc(() =>
      state.genie.ask(subject, query, typeof id === "string" && id ? id : undefined),
    );
    return result(state, message, req, res);
  };
  return textTool(`query_space_${SPACE_ID}`, description, ["query"], ask, ["conversation_id"]);
}

function pollTool(state: SandboxState): McpTool {
  const description = `Poll for the response of a message that query_space_${SPACE_ID} began.`;
  const poll: McpTool["call"] = async (args, { subject, req, res }) => {
    const [conversation, id] = [textArgument(args, "conversation_id"), textArgument(args, "message_id")];
    return result(
      state,
      asRpc(() => state.genie.message(subject, conversation, id)),
      req,
      res,
    );
  };
  return textTool(`poll_response_${SPACE_ID}`, description, ["conversation_id", "message_id"], poll);
}

/** The same JSON in every content item: a reader that joins the texts gets no JSON at all. */
function result(state: SandboxState, message: GenieMessage, req: Request, res: Response): ToolResult {
  Object.assign(callOf(res), { conversation_id: message.conversation_id, message_id: message.id });
  if (state.faults.take("genie_mcp", req, ["expired_result"])) message.expired = true;
  const structuredContent = mcpMessage(message, state.genie.status(message));
  const text = JSON.stringify(structuredContent);
  return { content: [0, 1].map(() => ({ type: "text", text })), structuredContent, isError: false };
}

/** Errors about conversations are JSON-RPC errors here; the question limit stays an HTTP 429. */
export function asRpc(work: () => GenieMessage): GenieMessage {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof WireError) || error.status === 429) throw error;
    const code = error.status === 404 ? "NOT_FOUND" : error.code;
    throw new RpcError(-32602, `${code}: ${error.message}`);
  }
}
