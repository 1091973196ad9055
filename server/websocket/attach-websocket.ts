/** The WebSocket transport of the Responses API: `GET /v1/responses` with an upgrade (Open Responses 2026-04-24). */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { ServerConfig } from "../../config/schema.ts";
import { RequestError } from "../errors.ts";
import { SocketTurns } from "./socket-turns.ts";

export interface WebSocketDeps {
  handle: (request: IncomingMessage, reply: ServerResponse) => void;
  config: Pick<ServerConfig, "limits" | "cors_origins">;
  identify?: (request: IncomingMessage) => Promise<unknown>;
  /** Aborts when the process is about to stop. */
  draining: AbortSignal;
}

const PATHS: ReadonlySet<string> = new Set(["/responses", "/v1/responses"]);

/** The longest life of a connection that the specification allows. */
const LIFETIME_MS = 60 * 60_000;

const TOO_OLD = {
  type: "error",
  status: 400,
  error: {
    type: "invalid_request_error",
    code: "websocket_connection_limit_reached",
    message: "This connection is an hour old: open another one.",
    param: null,
  },
};

export function attachWebSocket(server: Server, deps: WebSocketDeps): void {
  const { limits } = deps.config;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.body_bytes });
  const open = new Set<SocketTurns>();
  deps.draining.addEventListener("abort", () => {
    for (const turns of open) turns.drain();
  });
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", () => stream.destroy());
    const admit = async () => {
      // Counted last: others may have come in while the caller was identified.
      const refused = (await refusal(deps, request)) ?? (open.size >= limits.streams ? 503 : null);
      if (refused !== null) return refuse(stream, refused);
      sockets.handleUpgrade(request, stream, head, (socket) => serve(deps, request, socket, open));
    };
    admit().catch(() => stream.destroy());
  });
}

function serve(
  deps: WebSocketDeps,
  upgrade: IncomingMessage,
  socket: WebSocket,
  open: Set<SocketTurns>,
): void {
  const turns = new SocketTurns({
    handle: deps.handle,
    upgrade,
    socket,
    // A transcript that is continued goes through as one request.
    localBytes: deps.config.limits.body_bytes,
  });
  open.add(turns);
  const lifetime = setTimeout(() => {
    socket.send(JSON.stringify(TOO_OLD));
    turns.drain();
  }, LIFETIME_MS);
  socket.on("message", (data, isBinary) => {
    if (isBinary) socket.close(1003, "only text");
    else turns.take(Buffer.isBuffer(data) ? data.toString() : "");
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    clearTimeout(lifetime);
    open.delete(turns);
    turns.abandon();
  });
}

/** The HTTP status with which an upgrade is refused, or null. */
async function refusal(deps: WebSocketDeps, request: IncomingMessage): Promise<number | null> {
  const path = (request.url ?? "").split("?")[0] ?? "";
  if (!PATHS.has(path)) return 404;
  if (!fromHere(request, deps.config.cors_origins)) return 403;
  try {
    await deps.identify?.(request);
    return deps.draining.aborted ? 503 : null;
  } catch (error) {
    return error instanceof RequestError ? error.status : 500;
  }
}

/** Browsers open WebSockets across origins without asking, with the user's cookies at the proxy. */
function fromHere({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function refuse(stream: Duplex, status: number): void {
  stream.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
