/** An HTTP response whose events go out as WebSocket messages: raw JSON, no frames, no `[DONE]`. */
import { type IncomingMessage, ServerResponse } from "node:http";
import type { WebSocket } from "ws";

/** What one turn came to: the object of the terminal event, null when the request was refused. */
export type TurnEnd = { id: string; status: string; output: unknown[] } | null;

export interface SocketReply {
  reply: ServerResponse;
  /** The client went away. */
  abandon(): void;
}

export interface ReplyDeps {
  socket: WebSocket;
  /** Echoed where the request itself could not carry it. */
  previousId: string | null;
  onEnd: (end: TurnEnd) => void;
}

/** Bytes that may wait in the socket before the writer is told to pause. */
const HIGH_WATER = 1_000_000;

/** Express replaces the prototype of a response, so what differs from HTTP are properties of the object itself. */
export function socketReply(request: IncomingMessage, { socket, previousId, onEnd }: ReplyDeps): SocketReply {
  const reply = new ServerResponse(request);
  const reader = new FrameReader(previousId);
  let ended = false;
  let paused = false;

  const send = (json: string): void => {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(json, () => {
      if (!paused || socket.bufferedAmount > HIGH_WATER / 2) return;
      paused = false;
      reply.emit("drain");
    });
  };
  const write = (chunk: unknown): boolean => {
    for (const json of reader.read(String(chunk))) send(json);
    paused = socket.bufferedAmount > HIGH_WATER;
    return !paused;
  };
  const end = (chunk?: unknown): ServerResponse => {
    if (ended) return reply;
    ended = true;
    if (reply.statusCode >= 400) send(refusal(reply.statusCode, textOf(chunk)));
    // No connection of its own tells the rest of the server that the answer is out.
    Object.defineProperty(reply, "writableFinished", { value: true });
    reply.emit("close");
    onEnd(reader.end);
    return reply;
  };
  /** Who cuts a reader off cuts the connection: the turn has none of its own. */
  const destroy = (): ServerResponse => {
    reply.destroyed = true;
    socket.terminate();
    return reply;
  };
  Object.assign(reply, { write, end, destroy, flushHeaders: () => {} });
  return {
    reply,
    abandon: () => {
      if (!ended) reply.emit("close");
    },
  };
}

interface LifecycleEvent {
  type: string;
  response?: NonNullable<TurnEnd> & { previous_response_id: string | null };
}

class FrameReader {
  readonly #previousId: string | null;
  end: TurnEnd = null;

  constructor(previousId: string | null) {
    this.#previousId = previousId;
  }

  /** The JSON texts of the events in whole frames; comments and `[DONE]` are left out. */
  read(frames: string): string[] {
    return frames.split("\n\n").flatMap((frame) => {
      const at = frame.indexOf("data: {");
      if (at === -1) return [];
      const json = frame.slice(at + 6);
      return [frame.startsWith("event: response.output_text.delta") ? json : this.#noted(json)];
    });
  }

  /** Remembers the end, and puts the id of a response that only this connection knows back into its successor. */
  #noted(json: string): string {
    const event = JSON.parse(json) as LifecycleEvent;
    if (event.response === undefined) return json;
    if (/^response\.(completed|incomplete|failed)$/.test(event.type)) this.end = event.response;
    if (this.#previousId === null) return json;
    event.response.previous_response_id = this.#previousId;
    return JSON.stringify(event);
  }
}

function textOf(chunk: unknown): string {
  return typeof chunk === "string" || chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : "{}";
}

function refusal(status: number, body: string): string {
  const { error } = JSON.parse(body) as { error?: object };
  return JSON.stringify({ type: "error", status, error });
}
