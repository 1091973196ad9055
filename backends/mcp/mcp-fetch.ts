/** The `fetch` of the MCP SDK's transport: through our channel, so with its token, retries, limits and spans. */
import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import { BackendError } from "../errors.ts";
import { fault } from "../fault.ts";
import type { Channel } from "../http/channel.ts";
import type { ChannelRequest } from "../http/request.ts";
import type { ServerSentEvent } from "../http/event-stream.ts";
import type { Reply } from "../http/reply.ts";
import type { Scope } from "../http/scope.ts";
import { asObject, parseJson } from "../json-fields.ts";

export interface McpFetchOptions {
  channel: Channel;
  /** Of the question that the call is made for; null when the SDK acts on its own. */
  scope(): Scope | null;
  /** Work with a short scope of its own. */
  apart<T>(work: (scope: Scope) => Promise<T>): Promise<T>;
  send_token: boolean;
  headers: Record<string, string>;
  /** Whether a call of a tool changes something, so that only what surely did nothing is repeated. */
  writes: boolean;
}

/**
 * Replies are handed over whole: a cut stream, a body that is too large or a wrong status is a `BackendError`
 * here, where the SDK's transport would wait until its own timeout.
 */
export function createMcpFetch(options: McpFetchOptions): FetchLike {
  return async (url, init) => {
    const method = init?.method === "GET" || init?.method === "DELETE" ? init.method : "POST";
    const headers = { ...options.headers, ...Object.fromEntries(new Headers(init?.headers)) };
    // Nothing that a server may push without being asked is of use here, so no stream is kept open for it.
    if (method === "GET" && headers["last-event-id"] === undefined)
      return new Response(null, { status: 405 });
    const operation = operationOf(method, init?.body);
    const request: ChannelRequest = {
      operation,
      method,
      url: String(url),
      headers,
      send_token: options.send_token,
      repeatable: !(options.writes && operation === CALL),
      ...(typeof init?.body === "string" && { body: init.body }),
      ...(method === "DELETE" && { accept_statuses: [404, 405] }),
    };
    const { channel } = options;
    const send = (scope: Scope) =>
      channel.call(scope, request, (reply) => wholeResponse(channel.name, reply));
    const scope = options.scope();
    // The server is told that nobody waits any more, although the question's own time is over.
    const late = scope === null || (scope.signal.aborted && operation === CANCELLED);
    return late ? await options.apart(send) : await send(scope);
  };
}

const CALL = "mcp tools/call";
const CANCELLED = "mcp notifications/cancelled";

async function wholeResponse(backend: string, reply: Reply): Promise<Response> {
  const type = reply.contentType;
  if (type === "text/html") throw fault("unauthorized", { backend, status: reply.status });
  const headers = new Headers({ "content-type": type });
  const session = reply.header("mcp-session-id");
  if (session !== undefined) headers.set("mcp-session-id", session);
  const text = reply.isEventStream ? await eventText(backend, reply) : await reply.text();
  if (type === "application/json" && asRpc(text) === false) throw fault("malformed", { backend });
  const bodyless = reply.status === 204 || text === "";
  return new Response(bodyless ? null : text, { status: reply.status, headers });
}

/** Up to the JSON-RPC response, or to the end when the server said (by event ids) that it can be resumed. */
async function eventText(backend: string, reply: Reply): Promise<string> {
  let text = "";
  let answered = false;
  let resumable = false;
  try {
    await reply.events(
      (event) => {
        if (event.id !== undefined) resumable = true;
        text += wireEvent(event);
        if (!isResponse(event.data)) return;
        answered = true;
        throw new Answered();
      },
      (ms) => {
        text += `retry: ${ms}\n\n`;
      },
    );
  } catch (error) {
    const resume = resumable && error instanceof BackendError && error.code === "interrupted";
    if (!(error instanceof Answered) && !resume) throw error;
  }
  if (!answered && !resumable) throw fault("interrupted", { backend });
  return text;
}

function wireEvent({ data, event, id }: ServerSentEvent): string {
  const lines = data.split("\n").map((line) => `data: ${line}`);
  if (id !== undefined) lines.unshift(`id: ${id}`);
  if (event !== undefined) lines.unshift(`event: ${event}`);
  return `${lines.join("\n")}\n\n`;
}

/** Stops the reading; a server may keep its stream open after the response. */
class Answered extends Error {}

function isResponse(data: string): boolean {
  const message = asObject(parseJson(data));
  return message !== null && (message["result"] !== undefined || message["error"] !== undefined);
}

/** `null` for an empty body, which is fine. */
function asRpc(text: string): boolean | null {
  return text.trim() === "" ? null : parseJson(text) !== undefined;
}

function operationOf(method: string, body: unknown): string {
  if (method !== "POST") return `mcp ${method.toLowerCase()}`;
  const message = typeof body === "string" ? asObject(parseJson(body)) : null;
  return `mcp ${typeof message?.["method"] === "string" ? message["method"] : "message"}`;
}
