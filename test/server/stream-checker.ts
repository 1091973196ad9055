/** Holds a whole event stream against the Responses contract, sections 3 and 4; throws with the first violation. */
import { checkItem, type WireItem } from "./item-checker.ts";
import { must } from "./must.ts";
import { checkResponseObject, type WireResponse } from "./response-checker.ts";
import { splitFrames, type WireEvent } from "./stream-frames.ts";

export interface CheckedStream {
  /** Numbered events in order. */
  events: WireEvent[];
  /** Our own opt-in events. */
  extra: WireEvent[];
  traceId: string | null;
  /** The object of the terminal event. */
  response: WireResponse;
  /** Joined text of all messages. */
  text: string;
  keepAlives: number;
}

export interface CheckOptions {
  /** `orchestrator.*` events may occur. */
  extraEvents?: boolean;
  /** A bare `{"trace_id"}` frame may stand before the end. */
  traceFrame?: boolean;
  /** The stream was resumed after this sequence number; only the tail is there. */
  startingAfter?: number;
}

export function checkStream(raw: string, options: CheckOptions = {}): CheckedStream {
  const frames = splitFrames(raw);
  must(frames.extra.length === 0 || options.extraEvents === true, "unasked orchestrator event");
  must(frames.traceId === null || options.traceFrame === true, "unasked trace frame");
  const { events } = frames;
  const first = (options.startingAfter ?? -1) + 1;
  events.forEach((event, i) => {
    must(event.sequence_number === first + i, `sequence_number ${event.sequence_number} at ${first + i}`);
    must(event.type === "error" || !("error" in event), `top-level "error" in ${event.type}`);
  });
  const response = checkLifecycle(events, first === 0);
  if (first === 0) checkItems(events, response);
  const text = response.output.flatMap(textsOf).join("");
  return {
    events,
    extra: frames.extra,
    traceId: frames.traceId,
    response,
    text,
    keepAlives: frames.keepAlives,
  };
}

const TERMINAL = ["response.completed", "response.incomplete", "response.failed"];

function checkLifecycle(events: WireEvent[], whole: boolean): WireResponse {
  if (whole) {
    must(events[0]?.type === "response.created", "the first event is response.created");
    must(events[1]?.type === "response.in_progress", "the second event is response.in_progress");
  }
  const terminals = events.filter((event) => TERMINAL.includes(event.type));
  must(terminals.length === 1, `one terminal event, found ${terminals.length}`);
  const last = events.at(-1);
  must(last !== undefined && last === terminals[0], "the terminal event is the last");
  const errors = events.filter((event) => event.type === "error");
  must(
    errors.length === (last.type === "response.failed" ? 1 : 0),
    "an error event comes with response.failed only",
  );
  if (last.type === "response.failed") checkError(events.at(-2));
  const lifecycle = events.filter((event) => "response" in event);
  for (const event of lifecycle) {
    checkResponseObject(event.response, event.type);
    must(
      (event.response as WireResponse).id === (last.response as WireResponse).id,
      "the response id is constant",
    );
  }
  return last.response as WireResponse;
}

function checkError(event: WireEvent | undefined): void {
  must(event?.type === "error", "error stands right before response.failed");
  must(typeof event.code === "string" && typeof event.message === "string" && "param" in event, "flat error");
  const nested = event.error as Record<string, unknown>;
  must(nested.code === event.code && nested.message === event.message, "nested error says the same");
  must(typeof nested.type === "string" && "param" in nested, "nested error has type and param");
}

/** Items stand one after the other: added, body, done. */
function checkItems(events: WireEvent[], response: WireResponse): void {
  const calls = new Set<string>();
  const ids = new Set<string>();
  const done: WireItem[] = [];
  let open: WireEvent[] | null = null;
  for (const event of events.slice(2)) {
    if (event.type === "response.output_item.added") {
      must(open === null, "an item opens while another is open");
      must(
        event.output_index === done.length,
        `output_index ${String(event.output_index)} at ${done.length}`,
      );
      open = [event];
    } else if (open === null) {
      must(event.type === "error" || TERMINAL.includes(event.type), `${event.type} outside an item`);
    } else {
      open.push(event);
      if (event.type !== "response.output_item.done") continue;
      const item = checkItem(open, calls);
      must(!ids.has(item.id), `item id ${item.id} twice`);
      ids.add(item.id);
      done.push(item);
      open = null;
    }
  }
  must(open === null, "an item is never done");
  must(
    JSON.stringify(done) === JSON.stringify(response.output),
    "the final output equals the finished items, byte by byte",
  );
}

export function textsOf(item: WireItem): string[] {
  if (item.type !== "message") return [];
  return (item.content as { text: string }[]).map((part) => part.text);
}
