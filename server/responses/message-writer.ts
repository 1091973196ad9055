/** Writes the one message of an answer: text as it comes, then citations. */
import type { ItemStatus, MessageItem, OutputText, UrlCitation } from "./output-items.ts";
import type { Output } from "./output.ts";

const DELTA = "response.output_text.delta";
const DELTA_HEAD = `event: ${DELTA}\ndata: {"type":"${DELTA}","sequence_number":`;
const DELTA_TAIL = `,"logprobs":[]}\n\n`;

export class MessageWriter {
  readonly #output: Output;
  readonly #id: string;
  readonly #index: number;
  readonly #deltaMiddle: string;
  #text: string;

  /** `begun` is a message that another process has opened. */
  constructor(output: Output, id: string, begun?: { index: number; text: string }) {
    this.#output = output;
    this.#id = id;
    this.#index = begun?.index ?? output.open(emptyMessage(id));
    this.#text = begun?.text ?? "";
    if (begun === undefined)
      output.events.emit("response.content_part.added", { ...this.#at(), part: textPart("", []) });
    this.#deltaMiddle = `,"item_id":"${this.#id}","output_index":${this.#index},"content_index":0,"delta":`;
  }

  get text(): string {
    return this.#text;
  }

  write(delta: string): void {
    this.#text += delta;
    this.#output.events.emitDelta(DELTA_HEAD, this.#deltaMiddle, delta, DELTA_TAIL);
  }

  close(citations: UrlCitation[], status: Exclude<ItemStatus, "in_progress">): MessageItem {
    const { events } = this.#output;
    citations.forEach((annotation, i) => {
      events.emit("response.output_text.annotation.added", {
        ...this.#at(),
        annotation_index: i,
        annotation,
      });
    });
    const part = textPart(this.#text, citations);
    events.emit("response.output_text.done", { ...this.#at(), text: this.#text, logprobs: [] });
    events.emit("response.content_part.done", { ...this.#at(), part });
    const item: MessageItem = { type: "message", id: this.#id, role: "assistant", status, content: [part] };
    this.#output.close(this.#index, item);
    return item;
  }

  #at() {
    return { item_id: this.#id, output_index: this.#index, content_index: 0 };
  }
}

function emptyMessage(id: string): MessageItem {
  return { type: "message", id, role: "assistant", status: "in_progress", content: [] };
}

function textPart(text: string, annotations: UrlCitation[]): OutputText {
  return { type: "output_text", text, annotations, logprobs: [] };
}
