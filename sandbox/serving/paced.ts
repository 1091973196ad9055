/** One response cycle as stream frames: numbered, its text deltas paced, broken off where a fault wants it. */
import type { Frame } from "../http/event-stream.ts";
import type { Fault } from "../http/faults.ts";
import { errorFrame } from "./error-frame.ts";

export type StreamEvent = Record<string, unknown> & { type: string };

/** Returns true when the `error_frame` fault has ended the stream, after the first text. */
export function* paced(
  events: Iterable<StreamEvent>,
  delta_ms: number,
  error: Fault | null,
): Generator<Frame, boolean> {
  let sequence_number = 0;
  for (const event of events) {
    const isDelta = event.type === "response.output_text.delta";
    yield { data: { ...event, sequence_number: sequence_number++ }, delay_ms: isDelta ? delta_ms : 0 };
    if (error && (isDelta || event.type === "response.output_item.done")) {
      yield { data: errorFrame(error) };
      return true;
    }
  }
  return false;
}
