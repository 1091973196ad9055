/** What the log of an interrupted run tells about its output, for the encoder that goes on with it. Pure. */
import type { FunctionCallItem, MessageItem, OutputItem, ReasoningItem } from "./output-items.ts";
import type { ResponseBody } from "./response-body.ts";

/** An item that was announced and not yet closed. */
export interface OpenItem {
  index: number;
  item: MessageItem | ReasoningItem;
  /** Text of a message so far. */
  text: string;
}

export interface RestoredOutput {
  /** The next event's number. */
  sequence: number;
  /** Finished items. */
  items: OutputItem[];
  open: OpenItem | null;
  /** Counter of the next item id. */
  next_id: number;
  /** The object of the terminal event, when the run had ended. */
  end: ResponseBody | null;
}

/** `events` are all numbered events so far, in order and parsed. */
export function restoreOutput(events: readonly LoggedWireEvent[], runId: string): RestoredOutput {
  const restored: RestoredOutput = {
    sequence: events.length,
    items: [],
    open: null,
    next_id: 0,
    end: null,
  };
  for (const event of events) apply(restored, event, runId);
  return restored;
}

/** The fields that are read; which of them are there depends on `type`. */
export interface LoggedWireEvent {
  type: string;
  output_index?: number;
  item?: OutputItem;
  delta?: string;
  part?: { type: string; text: string };
  response?: ResponseBody;
}

function apply(restored: RestoredOutput, event: LoggedWireEvent, runId: string): void {
  const { open } = restored;
  switch (event.type) {
    case "response.output_item.added":
      if (event.item === undefined) return;
      countIds(restored, event.item, runId);
      restored.open = openItem(event.output_index ?? restored.items.length, event.item);
      return;
    case "response.output_item.done":
      if (event.item !== undefined) restored.items.push(event.item);
      restored.open = null;
      return;
    case "response.output_text.delta":
      if (open !== null) open.text += event.delta ?? "";
      return;
    case "response.reasoning_summary_part.done":
      if (open?.item.type === "reasoning" && event.part !== undefined)
        open.item.summary.push({ type: "summary_text", text: event.part.text });
      return;
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      restored.end = event.response ?? null;
  }
}

/** Items of other types are written in one piece, so they are never found open. */
function openItem(index: number, item: OutputItem): OpenItem | null {
  if (item.type === "message") return { index, item, text: "" };
  return item.type === "reasoning" ? { index, item: { ...item, summary: [] }, text: "" } : null;
}

function countIds(restored: RestoredOutput, item: OutputItem, runId: string): void {
  for (const id of [item.id, "call_id" in item ? item.call_id : ""]) {
    const counted = id.split(`_${runId}`)[1];
    const number = counted === undefined ? Number.NaN : Number.parseInt(counted, 36);
    if (Number.isSafeInteger(number)) restored.next_id = Math.max(restored.next_id, number + 1);
  }
}

/** Calls without their output, which the resumed run answers. */
export function unansweredCalls(items: readonly OutputItem[]): FunctionCallItem[] {
  const answered = new Set(items.map((item) => (item.type === "function_call_output" ? item.call_id : "")));
  return items.filter(
    (item): item is FunctionCallItem => item.type === "function_call" && !answered.has(item.call_id),
  );
}

/** Whether the answer was written whole: its message, or the calls of the client's own tools. */
export function holdsAnswer({ items }: RestoredOutput, body: ResponseBody): boolean {
  const tools = new Set(toolNames(body.tools));
  return items.some(
    (item) =>
      (item.type === "message" && item.status === "completed") ||
      (item.type === "function_call" && tools.has(item.name)),
  );
}

function toolNames(tools: unknown): unknown[] {
  return Array.isArray(tools) ? tools.map((tool: { name?: unknown }) => tool.name) : [];
}
