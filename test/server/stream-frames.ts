/** Splits the raw text of an event stream into frames, strictly: LF, one event per frame, `[DONE]` at the end. */

export interface WireEvent {
  type: string;
  sequence_number: number;
  [key: string]: unknown;
}

export interface Frames {
  events: WireEvent[];
  extra: WireEvent[];
  traceId: string | null;
  keepAlives: number;
}

export function splitFrames(raw: string): Frames {
  if (raw.includes("\r")) throw new Error("stream: carriage return");
  if (!raw.endsWith("\n\n")) throw new Error("stream: cut off inside a frame");
  const frames = raw.slice(0, -2).split("\n\n");
  if (frames.pop() !== "data: [DONE]") throw new Error("stream: the last frame is not [DONE]");
  const found: Frames = { events: [], extra: [], traceId: null, keepAlives: 0 };
  for (const frame of frames) readFrame(frame, found);
  return found;
}

function readFrame(frame: string, found: Frames): void {
  if (frame === ": keep-alive") {
    found.keepAlives++;
    return;
  }
  if (found.traceId !== null) throw new Error("stream: an event after the trace frame");
  const bare = /^data: (\{"trace_id":.*\})$/.exec(frame);
  if (bare !== null) {
    found.traceId = (JSON.parse(bare[1] ?? "") as { trace_id: string }).trace_id;
    return;
  }
  const match = /^event: ([a-z_.]+)\ndata: (\{[^\n]*\})$/.exec(frame);
  if (match === null) throw new Error(`stream: not a frame: ${frame.slice(0, 200)}`);
  const event = JSON.parse(match[2] ?? "") as WireEvent;
  if (event.type !== match[1]) throw new Error(`stream: event ${match[1]} carries type ${event.type}`);
  if (event.type.startsWith("orchestrator.")) {
    if ("sequence_number" in event) throw new Error("stream: an orchestrator event is numbered");
    found.extra.push(event);
  } else {
    found.events.push(event);
  }
}
