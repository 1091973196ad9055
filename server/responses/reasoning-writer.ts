/** Writes progress as a reasoning item: one summary part per sentence, shown by every client (section 0, decision 1). */
import type { SummaryText } from "./output-items.ts";
import type { Output } from "./output.ts";

export class ReasoningWriter {
  readonly #output: Output;
  readonly #id: string;
  readonly #index: number;
  readonly #summary: SummaryText[];

  /** `begun` is an item that another process has opened. */
  constructor(output: Output, id: string, begun?: { index: number; summary: SummaryText[] }) {
    this.#output = output;
    this.#id = id;
    this.#summary = [...(begun?.summary ?? [])];
    this.#index = begun?.index ?? output.open({ type: "reasoning", id: this.#id, summary: [] });
  }

  write(text: string): void {
    const { events } = this.#output;
    const at = { item_id: this.#id, output_index: this.#index, summary_index: this.#summary.length };
    const part: SummaryText = { type: "summary_text", text };
    events.emit("response.reasoning_summary_part.added", { ...at, part: { type: "summary_text", text: "" } });
    events.emit("response.reasoning_summary_text.delta", { ...at, delta: text });
    events.emit("response.reasoning_summary_text.done", { ...at, text });
    events.emit("response.reasoning_summary_part.done", { ...at, part });
    this.#summary.push(part);
  }

  close(): void {
    this.#output.close(this.#index, { type: "reasoning", id: this.#id, summary: this.#summary });
  }
}
