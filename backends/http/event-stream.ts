/** Server-sent events out of a body's chunks, as they arrive. */
import { createParser } from "eventsource-parser";

export interface ServerSentEvent {
  data: string;
  event?: string | undefined;
  id?: string | undefined;
}

export interface EventStream {
  feed(chunk: Buffer): void;
  /** The body has ended: a last event counts even without its blank line. */
  end(): void;
}

const LINE_END = /[\r\n]/;

/** `onRetry` gets the reconnection times (milliseconds) that the server asks for. */
export function createEventStream(
  onEvent: (event: ServerSentEvent) => void,
  onRetry?: (ms: number) => void,
): EventStream {
  const parser = createParser({ onEvent, onRetry });
  const decoder = new TextDecoder();
  /** Pieces of a line that goes on: the parser would look through all of it again with each piece. */
  let pieces: string[] = [];

  return {
    feed(chunk) {
      const text = decoder.decode(chunk, { stream: true });
      pieces.push(text);
      if (!LINE_END.test(text)) return;
      const whole = pieces.length === 1 ? text : pieces.join("");
      pieces = [];
      parser.feed(whole);
    },
    end() {
      parser.feed(`${pieces.join("")}${decoder.decode()}\n\n`);
    },
  };
}
