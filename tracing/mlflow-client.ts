/** The few REST calls of MLflow that tracing needs (contracts section 7). Throws `MlflowError` with status and code. */
import { request } from "undici";
import type { Headers } from "./otlp-exporter.ts";

export class MlflowError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, path: string) {
    super(`MLflow answered ${status} ${code} to ${path}.`);
    this.name = "MlflowError";
    this.status = status;
    this.code = code;
  }
}

export interface MlflowClient {
  readonly base: string;
  get(path: string, query?: Record<string, string>): Promise<Record<string, unknown>>;
  send(method: "POST" | "PATCH", path: string, body: unknown): Promise<Record<string, unknown>>;
}

const TIMEOUT_MS = 10_000;

/** `base` is the tracking server's or the workspace's origin. */
export function mlflowClient(base: string, headers: Headers): MlflowClient {
  const origin = base.replace(/\/+$/, "");
  async function call(method: "GET" | "POST" | "PATCH", path: string, body?: unknown) {
    const reply = await request(`${origin}${path}`, {
      method,
      headers: { accept: "application/json", "content-type": "application/json", ...(await headers()) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    });
    const text = await reply.body.text();
    const value = parsed(text);
    if (reply.statusCode >= 300) throw new MlflowError(reply.statusCode, codeOf(value), path);
    return value;
  }
  return {
    base: origin,
    get: (path, query) =>
      call("GET", query === undefined ? path : `${path}?${new URLSearchParams(query).toString()}`),
    send: call,
  };
}

function codeOf(body: Record<string, unknown>): string {
  return typeof body.error_code === "string" ? body.error_code : "UNKNOWN";
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
