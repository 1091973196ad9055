/** Reads server-sent events of a response one by one; what is not known is left out. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import { StreamEvent } from "./events.ts";

export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const frames = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { data } of frames) {
    if (data === "[DONE]") return;
    const event = StreamEvent.safeParse(JSON.parse(data));
    if (event.success) yield event.data;
  }
}
