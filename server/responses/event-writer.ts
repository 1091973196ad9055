/** Numbers wire events and turns them into server-sent event frames; without a sink it only counts. */
import type { ResponseBody } from "./response-body.ts";

/** Takes one whole frame. `sequence` is null for frames outside the numbering (our own opt-in events). */
export type FrameSink = (frame: string, sequence: number | null) => void;

export type LifecycleEvent =
  | "response.created"
  | "response.in_progress"
  | "response.completed"
  | "response.incomplete"
  | "response.failed";

/** Ends every stream. */
export const DONE_FRAME = "data: [DONE]\n\n";

export class EventWriter {
  readonly #sink: FrameSink | null;
  #sequence: number;

  /** `first` is the number of the first event, for a stream that others have begun. */
  constructor(sink: FrameSink | null, first = 0) {
    this.#sink = sink;
    this.#sequence = first;
  }

  /** Writes one event; `fields` follow `type` and `sequence_number` in their order. */
  emit(type: string, fields: object): void {
    const sequence = this.#sequence++;
    if (this.#sink === null) return;
    this.#sink(frame(type, { type, sequence_number: sequence, ...fields }), sequence);
  }

  lifecycle(type: LifecycleEvent, response: ResponseBody): void {
    this.emit(type, { response });
  }

  /**
   * Writes an event of which only one string changes, without building an object: the hot path of text deltas.
   * `head` comes from `deltaHead` and ends right before the sequence number, `middle` right before the string.
   */
  emitDelta(head: string, middle: string, delta: string, tail: string): void {
    const sequence = this.#sequence++;
    if (this.#sink === null) return;
    this.#sink(head + String(sequence) + middle + JSON.stringify(delta) + tail, sequence);
  }

  /** Writes an event of our own, outside the numbering; only for clients that asked for it. */
  extra(type: string, fields: object): void {
    this.#sink?.(frame(type, { type, ...fields }), null);
  }
}

function frame(type: string, payload: object): string {
  return `event: ${type}\ndata: ${JSON.stringify(payload)}\n\n`;
}
