/** A log of every call that the sandbox received, for tests and evaluations. Never holds a token. */
import type { Request, Response } from "express";
import type { Identity } from "../identity/tokens.ts";
import type { EndpointName } from "./endpoint-name.ts";

export interface Call {
  endpoint: EndpointName;
  method: string;
  path: string;
  /** Who called, null for an unknown or missing token. */
  subject: string | null;
  identity: Identity["kind"] | "none";
  /** Epoch milliseconds. */
  at: number;
  traceparent: string | null;
  conversation_id: string | null;
  message_id: string | null;
  /** JSON-RPC method and tool, for MCP. */
  rpc: string | null;
  /** Null until the answer has been sent, or when it never was. */
  status: number | null;
  /** The request body where it is JSON below 64 KiB; never kept for the token endpoint. */
  body: unknown;
}

export interface CallLog {
  record(endpoint: EndpointName, req: Request, res: Response, caller: Identity | null): Call;
  all(): Call[];
  clear(): void;
}

const KEPT_CALLS = 5_000;
const KEPT_BODY_BYTES = 65_536;

export function createCallLog(): CallLog {
  let calls: Call[] = [];
  return {
    record(endpoint, req, res, caller) {
      const call = describe(endpoint, req, caller);
      calls.push(call);
      if (calls.length > KEPT_CALLS) calls.shift();
      res.once("finish", () => (call.status = res.statusCode));
      return call;
    },
    all: () => calls,
    clear: () => (calls = []),
  };
}

function describe(endpoint: EndpointName, req: Request, caller: Identity | null): Call {
  const path = req.originalUrl.split("?")[0] ?? "/";
  const body = endpoint === "token" || Number(req.get("content-length")) > KEPT_BODY_BYTES ? null : req.body;
  return {
    endpoint,
    method: req.method,
    path,
    subject: caller?.subject ?? null,
    identity: caller?.kind ?? "none",
    at: Date.now(),
    traceparent: req.get("traceparent") ?? null,
    conversation_id: /\/conversations\/([^/]+)/.exec(path)?.[1] ?? findText(body, "conversation_id"),
    message_id: /\/messages\/([^/]+)/.exec(path)?.[1] ?? findText(body, "message_id"),
    rpc: rpcOf(body),
    status: null,
    body: Buffer.isBuffer(body) ? null : (body ?? null),
  };
}

/** Ids sit at the top, in `context` (Responses) or in `params.arguments` (MCP). */
function findText(body: unknown, key: string): string | null {
  const params = field(body, "params");
  for (const place of [body, field(body, "context"), field(params, "arguments")]) {
    const value = field(place, key);
    if (typeof value === "string") return value;
  }
  return null;
}

function rpcOf(body: unknown): string | null {
  if (field(body, "jsonrpc") !== "2.0") return null;
  const tool = field(field(body, "params"), "name");
  return [field(body, "method"), tool].filter((part) => typeof part === "string").join(" ");
}

function field(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Record<string, unknown>)[key];
}
