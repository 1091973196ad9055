/** The answer as LangGraph streams messages: our nodes write it without LangChain models, so that it is made from their events. */
import type { RunEvent } from "../../nodes/run-context.ts";
import type { StreamMode } from "./run-request.ts";

/** Name and data of one event of the stream. */
export type WireEvent = readonly [event: string, data: unknown];

const METADATA = { langgraph_node: "synthesize" } as const;

/** `messages-tuple` gets pieces, `messages` the text so far and then the whole. */
export class AnswerMessages {
  readonly #modes: readonly StreamMode[];
  readonly #id: string;
  #text = "";

  constructor(modes: readonly StreamMode[], messageId: string) {
    this.#modes = modes;
    this.#id = messageId;
  }

  hear(event: RunEvent): WireEvent[] {
    if (event.type === "text") return this.#piece(event.delta);
    if (event.type === "answer" && this.#text !== "") return this.#whole();
    return [];
  }

  #piece(delta: string): WireEvent[] {
    const first = this.#text === "";
    this.#text += delta;
    const events: WireEvent[] = [];
    if (this.#modes.includes("messages-tuple"))
      events.push(["messages", [this.#message("AIMessageChunk", delta), METADATA]]);
    if (this.#modes.includes("messages")) {
      if (first) events.push(["messages/metadata", { [this.#id]: { metadata: METADATA } }]);
      events.push(["messages/partial", [this.#message("ai", this.#text)]]);
    }
    return events;
  }

  #whole(): WireEvent[] {
    return this.#modes.includes("messages") ? [["messages/complete", [this.#message("ai", this.#text)]]] : [];
  }

  #message(type: string, content: string) {
    return { id: this.#id, type, content };
  }
}
