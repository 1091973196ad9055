/** Streams a background run from its log: what was told already, then what comes, with the run's own numbers. */
import { ClientGone } from "../client-gone.ts";
import type { Exchange } from "../exchange.ts";
import type { SseStream } from "../sse-stream.ts";
import { firstAbort } from "./first-abort.ts";
import { framesFor } from "./logged-frame.ts";

export interface Following {
  runId: string;
  /** Only events after this number; -1 for all. */
  after: number;
  stream: SseStream;
  /** Also our own opt-in events, where the run has some. */
  extraEvents: boolean;
}

/** Cuts the stream without an end when this process is about to stop: the client resumes at another. */
export async function followRun(exchange: Exchange, following: Following): Promise<void> {
  const { services } = exchange;
  const { runId, after, stream, extraEvents } = following;
  const stop = firstAbort(exchange.signal, services.background.draining);
  const leave = services.limits.openStream();
  try {
    for await (const { event } of services.store.events.tail(runId, after, stop.signal))
      stream.write(framesFor(event, extraEvents));
    stream.end();
  } catch (error) {
    if (exchange.signal.aborted) throw new ClientGone();
    if (!stop.signal.aborted) throw error;
    stream.cut();
  } finally {
    stop.release();
    leave();
  }
}
