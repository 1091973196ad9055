/** Genie as managed MCP: one tool to ask, one to poll (contracts section 3a). */
import { Router, type Request, type Response } from "express";
import { WireError, missing } from "../http/errors.ts";
import { callOf, gate } from "../http/gate.ts";
import { mcpEndpoint, type McpTool, type ToolResult } from "../mcp/endpoint.ts";
import { RpcError, textArgument } from "../mcp/rpc.ts";
import type { SandboxState } from "../state.ts";
import type { GenieMessage } from "./message.ts";
import { GENIE_SCOPES } from "./rest.ts";
import { SPACE_ID } from "./store.ts";
import { mcpMessage } from "./wire.ts";

export function genieMcpRoutes(state: SandboxState): Router {
  const router = Router();
  const tools = [queryTool(state), pollTool(state)];
  const endpoint = mcpEndpoint(state, "genie_mcp", (req) => {
    if (req.params["space"] === SPACE_ID) return tools;
    throw missing(`Genie space ${String(req.params["space"])} does not exist.`);
  });
  router.all("/api/2.0/mcp/genie/:space", gate(state, "genie_mcp", { scopes: GENIE_SCOPES }), endpoint);
  return router;
}

function queryTool(state: SandboxState): McpTool {
  const { title } = state.company.genie;
  return {
    name: `query_space_${SPACE_ID}`,
    description:
      `Query the ${title} genie space for data insights. If the message is not complete, you can use ` +
      `poll_response_${SPACE_ID} with the returned conversation_id and message_id.`,
    inputSchema: schema({ query: "The question.", conversation_id: "A conversation to go on with." }, [
      "query",
    ]),
    async call(args, { subject, req, res }) {
      const query = textArgument(args, "query");
      const conversation = args["conversation_id"];
      const huge = state.faults.take("genie_mcp", req, ["huge"]);
      const id = typeof conversation === "string" && conversation ? conversation : undefined;
      const message = asRpc(() => state.genie.ask(subject, query, id, huge));
      return result(state, message, req, res);
    },
  };
}

function pollTool(state: SandboxState): McpTool {
  return {
    name: `poll_response_${SPACE_ID}`,
    description: `Poll for the response of a message that query_space_${SPACE_ID} began.`,
    inputSchema: schema(
      { conversation_id: "The conversation of the message.", message_id: "The message to poll." },
      ["conversation_id", "message_id"],
    ),
    async call(args, { subject, req, res }) {
      const [conversation, id] = [textArgument(args, "conversation_id"), textArgument(args, "message_id")];
      return result(
        state,
        asRpc(() => state.genie.message(subject, conversation, id)),
        req,
        res,
      );
    },
  };
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
function asRpc(work: () => GenieMessage): GenieMessage {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof WireError) || error.status === 429) throw error;
    const code = error.status === 404 ? "NOT_FOUND" : error.code;
    throw new RpcError(-32602, `${code}: ${error.message}`);
  }
}

function schema(properties: Record<string, string>, required: string[]) {
  const fields = Object.entries(properties).map(([name, description]) => [
    name,
    { type: "string", description },
  ]);
  return { type: "object", properties: Object.fromEntries(fields), required };
}
