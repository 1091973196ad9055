/** Where an answer goes: into an open stream, or into one body at the end. */
import type { Exchange } from "../exchange.ts";
import { watchStream } from "../request-line.ts";
import { SseStream } from "../sse-stream.ts";
import type { ResponseEncoder } from "./encoder.ts";
import type { FrameSink } from "./event-writer.ts";
import { replay } from "./replay.ts";
import type { ResponseBody } from "./response-body.ts";
import { failureError } from "./run-failure.ts";
import type { RunOutcome } from "./run-turn.ts";

export class Delivery {
  readonly #exchange: Exchange;
  /** Whether a stream is wanted. */
  readonly wanted: boolean;
  #stream: SseStream | null = null;

  constructor(exchange: Exchange, stream: boolean) {
    this.#exchange = exchange;
    this.wanted = stream;
  }

  get streaming(): boolean {
    return this.#stream !== null;
  }

  get sink(): FrameSink | null {
    return this.wanted ? (frame) => this.open().write(frame) : null;
  }

  /** Opens the stream before there is anything to say, for waits that are longer than a proxy's patience. */
  begin(): void {
    if (this.wanted) this.open();
  }

  /** Sends a response that is already there; of its events those after `startingAfter`. */
  repeat(body: ResponseBody, startingAfter = -1): void {
    if (!this.wanted) {
      this.#exchange.res.status(200).json(body);
      return;
    }
    const stream = this.open();
    replay(body, (frame, sequence) => {
      if (sequence !== null && sequence > startingAfter) stream.write(frame);
    });
    stream.end();
  }

  deliver(encoder: ResponseEncoder, outcome: RunOutcome, traceId: string | undefined): void {
    if (!this.wanted) {
      if (outcome.failure !== null) throw failureError(outcome.failure, encoder.called);
      this.#exchange.res.status(200).json(outcome.body);
      return;
    }
    encoder.end(outcome.body, outcome.failure);
    const stream = this.open();
    if (traceId !== undefined) stream.write(`data: ${JSON.stringify({ trace_id: traceId })}\n\n`);
    stream.end();
  }

  open(): SseStream {
    if (this.#stream === null) {
      this.#stream = new SseStream(this.#exchange.res, this.#exchange.services.config.server);
      watchStream(this.#exchange);
    }
    return this.#stream;
  }
}
