/** Genie One as managed MCP: asks over everything the caller may see, answers in words (contracts section 3c). */
import { Router } from "express";
import { gate } from "../http/gate.ts";
import { mcpEndpoint } from "../mcp/endpoint.ts";
import { textArgument } from "../mcp/rpc.ts";
import { textTool, type McpTool, type ToolResult } from "../mcp/tool.ts";
import type { SandboxState } from "../state.ts";
import type { GenieMessage, GenieStatus } from "./message.ts";
import { asRpc } from "./mcp.ts";
import { GENIE_SCOPES } from "./rest.ts";

export function genieOneRoutes(state: SandboxState): Router {
  const tools = [askTool(state), pollTool(state)];
  const endpoint = mcpEndpoint(state, "mcp_genie_one", () => tools);
  return Router().all("/api/2.0/mcp/genie", gate(state, "mcp_genie_one", { scopes: GENIE_SCOPES }), endpoint);
}

function askTool(state: SandboxState): McpTool {
  const ask: McpTool["call"] = async (args, { subject }) => {
    const { conversation_id: id } = args;
    const going_on = typeof id === "string" && id ? id : undefined;
    return result(
      state,
      asRpc(() => state.genie.ask(subject, textArgument(args, "question"), going_on)),
    );
  };
  return textTool("genie_ask", "Ask Genie about the data of the workspace.", ["question"], ask, [
    "conversation_id",
  ]);
}

function pollTool(state: SandboxState): McpTool {
  const poll: McpTool["call"] = async (args, { subject }) => {
    const [conversation, id] = [textArgument(args, "conversation_id"), textArgument(args, "response_id")];
    return result(
      state,
      asRpc(() => state.genie.message(subject, conversation, id)),
    );
  };
  const description = "Poll for a response that genie_ask began.";
  return textTool("genie_poll_response", description, ["conversation_id", "response_id"], poll);
}

/** Snake case and lower case, unlike the server of a single space. */
function result(state: SandboxState, message: GenieMessage): ToolResult {
  const status = STATUSES[state.genie.status(message)] ?? "in_progress";
  const { conversation_id, id: response_id, reply } = message;
  const final_answer = status === "completed" ? { final_answer: reply?.text ?? "" } : {};
  const structuredContent = { conversation_id, response_id, status, ...final_answer };
  return {
    content: [{ type: "text", text: JSON.stringify(structuredContent) }],
    structuredContent,
    isError: false,
  };
}

const STATUSES: Partial<Record<GenieStatus, string>> = {
  COMPLETED: "completed",
  QUERY_RESULT_EXPIRED: "completed",
  FAILED: "failed",
};
