/** A tool that an MCP endpoint offers. */
import type { Request, Response } from "express";

export interface McpTool {
  name: string;
  description: string;
  inputSchema: Record<string, unknown>;
  /** May throw `RpcError`. */
  call(args: Record<string, unknown>, caller: ToolCaller): Promise<ToolResult>;
}

export interface ToolCaller {
  subject: string;
  req: Request;
  res: Response;
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
