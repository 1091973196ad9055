/** The growing output of one response: its items in order, their ids and the events that announce them. */
import type { EventWriter } from "./event-writer.ts";
import type { OutputItem } from "./output-items.ts";

export interface OutputOptions {
  /** Part of every item id, so that an item leads back to its response. */
  runId: string;
  /** The trace, for clients that asked for it. */
  traceId?: () => string | undefined;
}

export class Output {
  readonly events: EventWriter;
  /** Finished items, in the order of `output_index`. */
  readonly items: OutputItem[];
  readonly #runId: string;
  readonly #traceId: () => string | undefined;
  #next: number;

  /** `begun` is what another process has written of it. */
  constructor(
    events: EventWriter,
    { runId, traceId = () => undefined }: OutputOptions,
    begun?: { items: OutputItem[]; next_id: number },
  ) {
    this.events = events;
    this.#runId = runId;
    this.#traceId = traceId;
    this.items = [...(begun?.items ?? [])];
    this.#next = begun?.next_id ?? 0;
  }

  /** At most 64 characters (section 0, decision 8), unique in the response and the same in every encoding of it. */
  id(prefix: string): string {
    return `${prefix}_${this.#runId}${(this.#next++).toString(36)}`;
  }

  /** Announces an item and returns its `output_index`. Items are written one after the other. */
  open(item: OutputItem): number {
    const index = this.items.length;
    this.events.emit("response.output_item.added", { output_index: index, item });
    return index;
  }

  close(index: number, item: OutputItem): void {
    this.items.push(item);
    const trace_id = item.type === "message" ? this.#traceId() : undefined;
    this.events.emit("response.output_item.done", {
      output_index: index,
      item,
      // Where clients of Model Serving look for it (section 2.2, `databricks_options`).
      ...(trace_id === undefined ? {} : { databricks_output: { trace: { info: { trace_id } } } }),
    });
  }
}
