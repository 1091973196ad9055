/** An MCP server over streamable HTTP with tools only: JSON-RPC by POST, answered as JSON or as one SSE event. */
import type { Request, RequestHandler, Response } from "express";
import type { EndpointName } from "../http/endpoint-name.ts";
import { filler } from "../http/filler.ts";
import { callerOf } from "../http/gate.ts";
import type { SandboxState } from "../state.ts";
import { RpcError, messageOf, type RpcMessage } from "./rpc.ts";

export interface McpTool {
  name: string;
  description: string;
  inputSchema: Record<string, unknown>;
  /** May throw `RpcError`. */
  call(
    args: Record<string, unknown>,
    caller: { subject: string; req: Request; res: Response },
  ): Promise<ToolResult>;
}

export interface ToolResult {
  content: { type: "text"; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** A tool whose arguments are texts: those named in `required`, and any of `optional`. */
export function textTool(
  name: string,
  description: string,
  required: string[],
  call: McpTool["call"],
  optional: string[] = [],
): McpTool {
  const properties = Object.fromEntries([...required, ...optional].map((key) => [key, { type: "string" }]));
  return { name, description, inputSchema: { type: "object", properties, required }, call };
}

const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/** Runs behind `gate`. `tools` may throw a `WireError` for a path that leads nowhere. */
export function mcpEndpoint(
  state: SandboxState,
  endpoint: EndpointName,
  tools: (req: Request) => McpTool[],
): RequestHandler {
  return async (req, res) => {
    const served = tools(req);
    if (req.method === "DELETE") {
      state.sessions.drop(req.get("mcp-session-id") ?? "");
      res.status(204).end();
      return;
    }
    if (req.method !== "POST") {
      res
        .status(405)
        .set("allow", "POST, DELETE")
        .json(rpcFailure(null, -32000, "Method not allowed."));
      return;
    }
    const message = messageOf(req.body);
    const refusal = refuse(state, endpoint, req, res, message);
    if (refusal || !message) {
      res
        .status(refusal?.status ?? 400)
        .json(rpcFailure(message?.id ?? null, -32600, refusal?.reason ?? "Bad request"));
      return;
    }
    if (message.id === undefined) {
      res.status(202).end();
      return;
    }
    const reply = await dispatch(state, endpoint, served, message, req, res);
    sendReply(state, res, reply);
  };
}

/** Transport rules of the MCP specification, and a session that is unknown or was lost. */
function refuse(
  state: SandboxState,
  endpoint: EndpointName,
  req: Request,
  res: Response,
  message: RpcMessage | null,
): { status: number; reason: string } | null {
  const accept = req.get("accept") ?? "*/*";
  if (
    !accept.includes("*/*") &&
    !(accept.includes("application/json") && accept.includes("text/event-stream"))
  ) {
    return { status: 406, reason: "Accept must name application/json and text/event-stream." };
  }
  if (!message) return { status: 400, reason: "BAD_REQUEST: The body is malformed: not a JSON-RPC message." };
  const version = req.get("mcp-protocol-version");
  if (version && !VERSIONS.includes(version))
    return { status: 400, reason: `Unsupported protocol version ${version}.` };
  const session = req.get("mcp-session-id");
  if (!session || message.method === "initialize") return null;
  if (state.faults.take(endpoint, req, ["session_lost"])) state.sessions.drop(session);
  return state.sessions.has(session, callerOf(res).subject)
    ? null
    : { status: 404, reason: "Session not found" };
}

async function dispatch(
  state: SandboxState,
  endpoint: EndpointName,
  tools: McpTool[],
  message: RpcMessage,
  req: Request,
  res: Response,
): Promise<object> {
  try {
    const result = await run(state, endpoint, tools, message, req, res);
    return { jsonrpc: "2.0", id: message.id, result };
  } catch (error) {
    if (error instanceof RpcError) return rpcFailure(message.id ?? null, error.code, error.message);
    throw error;
  }
}

async function run(
  state: SandboxState,
  endpoint: EndpointName,
  tools: McpTool[],
  { method, params }: RpcMessage,
  req: Request,
  res: Response,
): Promise<object> {
  const { subject } = callerOf(res);
  switch (method) {
    case "initialize":
      res.set("mcp-session-id", state.sessions.open(subject));
      return welcome(params);
    case "ping":
      return {};
    case "tools/list":
      return {
        tools: tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
      };
    case "tools/call": {
      const fault = state.faults.take(endpoint, req, ["mcp_error"]);
      if (fault)
        throw new RpcError(fault.code ?? -32603, fault.message ?? "INTERNAL_ERROR: injected by the sandbox.");
      const tool = tools.find(({ name }) => name === params["name"]);
      if (!tool) throw new RpcError(-32602, `BAD_REQUEST: Tool ${String(params["name"])} does not exist`);
      const args = params["arguments"];
      const result = await tool.call((args ?? {}) as Record<string, unknown>, { subject, req, res });
      const huge = filler(state.faults.take(endpoint, req, ["huge"]));
      return huge ? { ...result, content: [...result.content, { type: "text", text: huge }] } : result;
    }
    default:
      throw new RpcError(-32601, `BAD_REQUEST: Method ${method} not found`);
  }
}

function welcome(params: Record<string, unknown>) {
  const asked = String(params["protocolVersion"]);
  return {
    protocolVersion: VERSIONS.includes(asked) ? asked : VERSIONS[0],
    capabilities: { tools: { listChanged: false } },
    serverInfo: { name: "databricks-mcp", version: "1.0.0" },
  };
}

function sendReply(state: SandboxState, res: Response, reply: object): void {
  if (state.switches.mcp_reply === "json") res.json(reply);
  else res.type("text/event-stream").send(`event: message\ndata: ${JSON.stringify(reply)}\n\n`);
}

function rpcFailure(id: string | number | null, code: number, message: string) {
  return { jsonrpc: "2.0", id, error: { code, message } };
}
