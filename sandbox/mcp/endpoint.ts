/** An MCP server over streamable HTTP with tools only: JSON-RPC by POST, answered as JSON or as one SSE event. */
import type { Request, RequestHandler, Response } from "express";
import type { EndpointName } from "../http/endpoint-name.ts";
import { filler } from "../http/filler.ts";
import { callerOf } from "../http/gate.ts";
import type { SandboxState } from "../state.ts";
import { RpcError, messageOf, rpcFailure, type RpcMessage } from "./rpc.ts";
import type { McpTool } from "./tool.ts";

const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

interface Exchange {
  state: SandboxState;
  endpoint: EndpointName;
  tools: McpTool[];
  req: Request;
  res: Response;
}

/** Runs behind `gate`. `tools` may throw a `WireError` for a path that leads nowhere. */
export function mcpEndpoint(
  state: SandboxState,
  endpoint: EndpointName,
  tools: (req: Request) => McpTool[],
): RequestHandler {
  return async (req, res) => {
    const exchange = { state, endpoint, tools: tools(req), req, res };
    if (req.method === "DELETE") {
      state.sessions.drop(req.get("mcp-session-id") ?? "");
      res.status(204).end();
    } else if (req.method !== "POST") {
      res
        .status(405)
        .set("allow", "POST, DELETE")
        .json(rpcFailure(null, -32000, "Method not allowed."));
    } else await answerPost(exchange);
  };
}

async function answerPost(exchange: Exchange): Promise<void> {
  const { state, req, res } = exchange;
  const message = messageOf(req.body);
  const [status, reason] = refusal(exchange, message);
  if (status || !message) {
    res.status(status ?? 400).json(rpcFailure(message?.id ?? null, -32600, reason ?? "Bad request"));
  } else if (message.id === undefined) {
    res.status(202).end();
  } else {
    const reply = await dispatch(exchange, message);
    if (state.switches.mcp_reply === "json") res.json(reply);
    else res.type("text/event-stream").send(`event: message\ndata: ${JSON.stringify(reply)}\n\n`);
  }
}

/** Transport rules of the MCP specification, and a session that is unknown, another's or lost. */
function refusal(exchange: Exchange, message: RpcMessage | null): [status?: number, reason?: string] {
  const { state, endpoint, req, res } = exchange;
  const accept = req.get("accept") ?? "*/*";
  const takesBoth = accept.includes("application/json") && accept.includes("text/event-stream");
  if (!takesBoth && !accept.includes("*/*"))
    return [406, "Accept must name application/json and text/event-stream."];
  if (!message) return [400, "BAD_REQUEST: The body is malformed: not a JSON-RPC message."];
  const version = req.get("mcp-protocol-version");
  if (version && !VERSIONS.includes(version)) return [400, `Unsupported protocol version ${version}.`];
  const session = req.get("mcp-session-id");
  if (!session || message.method === "initialize") return [];
  if (state.faults.take(endpoint, req, ["session_lost"])) state.sessions.drop(session);
  return state.sessions.has(session, callerOf(res).subject) ? [] : [404, "Session not found"];
}

async function dispatch(exchange: Exchange, message: RpcMessage): Promise<object> {
  try {
    return { jsonrpc: "2.0", id: message.id, result: await run(exchange, message) };
  } catch (error) {
    if (error instanceof RpcError) return rpcFailure(message.id ?? null, error.code, error.message);
    throw error;
  }
}

async function run(exchange: Exchange, { method, params }: RpcMessage): Promise<object> {
  const { state, tools, res } = exchange;
  switch (method) {
    case "initialize":
      res.set("mcp-session-id", state.sessions.open(callerOf(res).subject));
      return welcome(params);
    case "ping":
      return {};
    case "tools/list":
      return {
        tools: tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
      };
    case "tools/call":
      return callTool(exchange, params);
    default:
      throw new RpcError(-32601, `BAD_REQUEST: Method ${method} not found`);
  }
}

/** Plays the faults `mcp_error` and `huge`. */
async function callTool(exchange: Exchange, params: Record<string, unknown>): Promise<object> {
  const { state, endpoint, tools, req, res } = exchange;
  const fault = state.faults.take(endpoint, req, ["mcp_error"]);
  if (fault)
    throw new RpcError(fault.code ?? -32603, fault.message ?? "INTERNAL_ERROR: injected by the sandbox.");
  const tool = tools.find(({ name }) => name === params["name"]);
  if (!tool) throw new RpcError(-32602, `BAD_REQUEST: Tool ${String(params["name"])} does not exist`);
  const args = (params["arguments"] ?? {}) as Record<string, unknown>;
  const result = await tool.call(args, { subject: callerOf(res).subject, req, res });
  const huge = filler(state.faults.take(endpoint, req, ["huge"]));
  return huge ? { ...result, content: [...result.content, { type: "text", text: huge }] } : result;
}

function welcome(params: Record<string, unknown>) {
  const asked = String(params["protocolVersion"]);
  return {
    protocolVersion: VERSIONS.includes(asked) ? asked : VERSIONS[0],
    capabilities: { tools: { listChanged: false } },
    serverInfo: { name: "databricks-mcp", version: "1.0.0" },
  };
}
