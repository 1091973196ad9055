/** A client of the WebSocket transport: sends a turn, collects its events until the terminal one or an error. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { checkStream } from "./stream-checker.ts";
import type { WireResponse } from "./response-checker.ts";

export interface SocketTurn {
  response: WireResponse | null;
  error: { code: string; message: string; param: string | null } | null;
}

export interface SocketClient {
  turn(body: object): Promise<SocketTurn>;
  send(text: string): void;
  next(): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function socketClient(url: string, headers: Record<string, string> = {}): Promise<SocketClient> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/responses`, { headers });
  const events: string[] = [];
  let wake = () => {};
  socket.on("message", (data: Buffer) => {
    events.push(data.toString());
    wake();
  });
  await once(socket, "open");
  const nextText = async (): Promise<string> => {
    while (events.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return events.shift() ?? "";
  };
  return {
    send: (text) => socket.send(text),
    next: async () => JSON.parse(await nextText()) as Record<string, unknown>,
    turn: async (body) => {
      socket.send(JSON.stringify({ type: "response.create", model: "test", ...body }));
      const frames: string[] = [];
      for (;;) {
        const text = await nextText();
        const event = JSON.parse(text) as { type: string; error?: SocketTurn["error"]; status?: number };
        if (event.type === "error" && event.status !== undefined)
          return { response: null, error: event.error ?? null };
        frames.push(`event: ${event.type}\ndata: ${text}\n\n`);
        if (!/^response\.(completed|incomplete|failed)$/.test(event.type)) continue;
        return { response: checkStream(`${frames.join("")}data: [DONE]\n\n`).response, error: null };
      }
    },
    close: async () => {
      if (socket.readyState === socket.CLOSED) return;
      socket.close();
      await once(socket, "close");
    },
  };
}
