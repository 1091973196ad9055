/** A server on loopback that closes at once, whatever is still open. */
import { createServer, type RequestListener, type Server } from "node:http";

export interface Listening {
  port: number;
  close(): Promise<void>;
}

/** Rejects when the port is taken. Port 0 picks a free one. */
export async function listen(app: RequestListener, port: number): Promise<Listening> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  return { port: portOf(server), close: () => closeNow(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
  return address.port;
}

function closeNow(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
