/** `fetch` that keeps the raw text of every event stream that passes, to be held against the contract afterwards. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Tap {
  fetch: typeof globalThis.fetch;
  /** What came so far, once every stream has ended or its client has left. */
  streams(): Promise<TappedStream[]>;
}

export interface TappedStream {
  raw: string;
  /** The last event that the client named as known, for streams that were resumed; -1 for all others. */
  after: number;
}

/** A client that leaves by an abort can take the end of the stream away without a word. */
const PATIENCE_MS = 300;

export function tappedFetch(): Tap {
  const streams: TappedStream[] = [];
  const ends: Promise<void>[] = [];
  return {
    fetch: async (input, init) => {
      const reply = await globalThis.fetch(input, init);
      if (reply.headers.get("content-type")?.startsWith("text/event-stream") !== true) return reply;
      if (reply.body === null) return reply;
      const after = Number(new URL(urlOf(input)).searchParams.get("starting_after") ?? -1);
      const stream: TappedStream = { raw: "", after };
      streams.push(stream);
      const { status, statusText, headers } = reply;
      const { body, ended } = passOn(reply.body, (text) => void (stream.raw += text));
      ends.push(ended);
      return new Response(body, { status, statusText, headers });
    },
    streams: async () => {
      await Promise.race([Promise.all(ends), sleep(PATIENCE_MS)]);
      return streams;
    },
  };
}

function urlOf(input: Parameters<typeof globalThis.fetch>[0]): string {
  return typeof input === "string" ? input : "url" in input ? input.url : input.href;
}

/** Reads to the end at its own pace, whether the client reads on or not: a stream is judged as a whole. */
function passOn(
  source: ReadableStream<Uint8Array>,
  hear: (text: string) => void,
): { body: ReadableStream; ended: Promise<void> } {
  const decoder = new TextDecoder();
  let left = false;
  let client: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => void (client = controller),
    cancel: () => void (left = true),
  });
  const read = async (): Promise<void> => {
    try {
      for await (const piece of source) {
        hear(decoder.decode(piece, { stream: true }));
        if (!left) client.enqueue(piece);
      }
      if (!left) client.close();
    } catch (error) {
      if (!left) client.error(error);
    }
  };
  return { body, ended: read() };
}
