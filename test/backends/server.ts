/** A small HTTP server on a free port whose answers a test writes itself. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface TestServer {
  url: string;
  requests: Received[];
  /** Sockets that are open now. */
  sockets(): number;
  close(): Promise<void>;
}

export type Answer = (res: ServerResponse, request: Received, nth: number) => void | Promise<void>;

/** `answer` gets the number of the request, from 1. */
export async function serve(answer: Answer): Promise<TestServer> {
  const requests: Received[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on("data", (chunk: Buffer) => chunks.push(chunk));
    req.on("end", () => {
      const { method = "", url = "", headers } = req;
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString("utf8") };
      requests.push(request);
      void answer(res, request, requests.length);
    });
  });
  let sockets = 0;
  server.on("connection", (socket) => {
    sockets += 1;
    socket.on("close", () => (sockets -= 1));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sockets: () => sockets,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function json(
  res: ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  res.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

/** A stream of frames; texts are sent as they stand, everything else as JSON. */
export function sse(res: ServerResponse, frames: unknown[]): void {
  res.writeHead(200, { "content-type": "text/event-stream" });
  for (const frame of frames)
    res.write(`data: ${typeof frame === "string" ? frame : JSON.stringify(frame)}\n\n`);
  res.end();
}
