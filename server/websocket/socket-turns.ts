/** The turns of one connection, one after the other: `response.create` in, the events of a stream out. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebSocket } from "ws";
import { LocalResponses } from "./local-responses.ts";
import { socketReply, type SocketReply, type TurnEnd } from "./socket-reply.ts";
import { socketRequest } from "./socket-request.ts";

export interface SocketTurnsDeps {
  /** The whole app: a message takes the same way as a request. */
  handle: (request: IncomingMessage, reply: ServerResponse) => void;
  upgrade: IncomingMessage;
  socket: WebSocket;
  /** Bytes of responses with `store: false` that the connection remembers. */
  localBytes: number;
}

type Body = { [key: string]: unknown };

/** Turns that wait for the one under way. */
const MOST_WAITING = 16;

const LET_GO =
  "The connection no longer remembers this response: those with 'store: false' were too many or too big. Send the whole input, or let responses be stored.";

/** They make sense for HTTP alone (Open Responses, WebSocket transport). */
const HTTP_ONLY = ["stream", "stream_options", "background"];

export class SocketTurns {
  readonly #deps: SocketTurnsDeps;
  readonly #local: LocalResponses;
  #waiting: Body[] = [];
  #current: SocketReply | null = null;
  #closing = false;

  constructor(deps: SocketTurnsDeps) {
    this.#deps = deps;
    this.#local = new LocalResponses(deps.localBytes);
  }

  take(text: string): void {
    const message = parsed(text);
    if (typeof message === "string") return this.#refuse("invalid_value", message, null);
    const wrong = HTTP_ONLY.find((key) => message[key] !== undefined);
    if (wrong !== undefined)
      return this.#refuse("unsupported_parameter", `'${wrong}' has no meaning on a WebSocket.`, wrong);
    if (this.#waiting.length >= MOST_WAITING)
      return this.#refuse("rate_limit_exceeded", "Too many turns wait on this connection.", null);
    this.#waiting.push(message);
    this.#next();
  }

  /** Lets the turn under way end, then closes. */
  drain(): void {
    this.#closing = true;
    this.#waiting = [];
    if (this.#current === null) this.#deps.socket.close(1001, "the server is about to stop");
  }

  abandon(): void {
    this.#waiting = [];
    this.#current?.abandon();
  }

  #next(): void {
    const body = this.#current === null ? this.#waiting.shift() : undefined;
    if (body === undefined) return;
    const { type: _type, ...create } = body;
    const previous = create.previous_response_id;
    if (typeof previous === "string" && this.#local.letGo(previous)) {
      this.#refuse("previous_response_not_found", LET_GO, "previous_response_id");
      return this.#next();
    }
    const local = typeof previous === "string" && this.#local.has(previous) ? previous : null;
    const input = local === null ? create.input : this.#local.continued(local, create.input);
    const sent = {
      ...create,
      input,
      stream: true,
      ...(local === null ? {} : { previous_response_id: null }),
    };
    const request = socketRequest(this.#deps.upgrade, sent);
    const kept = create.store !== false;
    const current = socketReply(request, {
      socket: this.#deps.socket,
      previousId: local,
      onEnd: (end) => this.#ended(end, { input, local, kept }),
    });
    this.#current = current;
    this.#deps.handle(request, current.reply);
  }

  #ended(response: TurnEnd, turn: { input: unknown; local: string | null; kept: boolean }): void {
    const failed = response === null || response.status === "failed";
    // A continuation that failed may not be tried again on what it failed on.
    if (failed && turn.local !== null) this.#local.forget(turn.local);
    if (!failed && !turn.kept) this.#local.remember(response.id, turn.input, response.output);
    this.#current = null;
    if (this.#closing) this.drain();
    else this.#next();
  }

  #refuse(code: string, message: string, param: string | null): void {
    const type = code === "rate_limit_exceeded" ? "rate_limit_error" : "invalid_request_error";
    const status = code === "rate_limit_exceeded" ? 429 : 400;
    this.#deps.socket.send(JSON.stringify({ type: "error", status, error: { message, type, param, code } }));
  }
}

/** The body of a turn, or what is wrong with it. */
function parsed(text: string): Body | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return "A message must be a JSON object.";
    const body = value as Body;
    return body.type === "response.create" ? body : "Invalid 'type': only 'response.create' is known.";
  } catch {
    return "The message is not valid JSON.";
  }
}
