/** JSON-RPC 2.0 messages as MCP uses them. */

export interface RpcMessage {
  /** Absent for a notification. */
  id?: string | number;
  method: string;
  params: Record<string, unknown>;
}

/** Leaves as an `error` with HTTP 200, as managed MCP does it. */
export class RpcError extends Error {
  override name = "RpcError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Null for anything that is no single request or notification. A client's response counts as a notification. */
export function messageOf(body: unknown): RpcMessage | null {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  const { jsonrpc, id, method, params, result, error } = body as Record<string, unknown>;
  if (jsonrpc !== "2.0") return null;
  if (method === undefined && (result !== undefined || error !== undefined))
    return { method: "response", params: {} };
  if (typeof method !== "string") return null;
  const known = typeof params === "object" && params !== null ? (params as Record<string, unknown>) : {};
  const hasId = typeof id === "string" || typeof id === "number";
  return { method, params: known, ...(hasId ? { id } : {}) };
}

/** A text argument that must be there. */
export function textArgument(args: Record<string, unknown>, name: string): string {
  const value = args[name];
  if (typeof value === "string" && value.trim()) return value;
  throw new RpcError(-32602, `BAD_REQUEST: Missing parameter value for ${name}`);
}

export function rpcFailure(id: string | number | null, code: number, message: string) {
  return { jsonrpc: "2.0", id, error: { code, message } };
}
