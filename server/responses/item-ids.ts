/** Ids that lead back to where they came from: every item id holds the id of its run. */
import type { StoredItem } from "../../store/responses.ts";
import type { InputItem } from "./item-schema.ts";

export function responseId(runId: string): string {
  return `resp_${runId}`;
}

export function runIdOf(responseId: string): string {
  return responseId.replace(/^resp_/, "");
}

/** The response that an item or call belongs to; null for ids that others made. */
export function responseOfItem(itemId: string): string | null {
  const run = /^[a-z]+_([0-9a-f]{32})[0-9a-z]*(_[0-9]+)?$/.exec(itemId)?.[1];
  return run === undefined ? null : responseId(run);
}

const PREFIX: Readonly<Record<string, string>> = {
  message: "msg",
  function_call: "fc",
  function_call_output: "fco",
  reasoning: "rs",
};

/** Input items as they are kept and listed: typed, in parts, with ids of ours. */
export function storedInput(items: readonly InputItem[], runId: string): StoredItem[] {
  return items.map((item, i) => {
    const type = item.type ?? "message";
    const stored = { ...item, type, id: `${PREFIX[type] ?? "item"}_${runId}_${i}`, ...inParts(item) };
    return JSON.parse(JSON.stringify(stored)) as StoredItem;
  });
}

function inParts(item: InputItem) {
  if (item.type !== undefined && item.type !== "message") return {};
  const part = item.role === "assistant" ? "output_text" : "input_text";
  const content = typeof item.content === "string" ? [{ type: part, text: item.content }] : item.content;
  return { content, status: "completed" };
}
