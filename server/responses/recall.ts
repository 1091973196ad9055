/** Looks up what a client only refers to: stored items, the calls behind tool outputs, the question they belong to. */
import type { Json } from "../../backends/backend.ts";
import type { ResponseRecord, StoredItem } from "../../store/responses.ts";
import type { ResponseStore } from "../ports.ts";
import { RequestError } from "../errors.ts";
import { textOf, type ToolCallItem } from "./compose-turn.ts";
import { INPUT_ITEM_SCHEMAS, type InputItem, type InputItemType } from "./item-schema.ts";
import { responseOfItem } from "./item-ids.ts";

export interface Recalled {
  /** References replaced by what they refer to. */
  items: InputItem[];
  /** Calls that earlier responses made, by `call_id`, for outputs whose call is not in the input. */
  openCalls: Map<string, ToolCallItem>;
  previousQuestion: string | null;
}

export async function recall(
  store: ResponseStore,
  owner: string,
  input: readonly InputItem[],
  conversationId: string | null,
): Promise<Recalled> {
  const find = memoized((id) => store.responses.get(owner, id));
  const items = await Promise.all(
    input.map(async (item, i) => {
      if (item.type !== "item_reference") return item;
      const stored =
        (await storedItem(find, item.id)) ??
        (conversationId === null ? null : await store.conversations.item(owner, conversationId, item.id));
      return asInput(stored, `input[${i}].id`);
    }),
  );
  const made = new Set(items.map((item) => (item.type === "function_call" ? item.call_id : "")));
  const openCalls = new Map<string, ToolCallItem>();
  let previousQuestion: string | null = null;
  for (const item of items) {
    if (item.type !== "function_call_output" || made.has(item.call_id)) continue;
    const record = await find(responseOfItem(item.call_id) ?? "");
    const call = record === null ? undefined : outputOf(record).find((o) => o.call_id === item.call_id);
    if (record === null || call === undefined) continue;
    openCalls.set(item.call_id, {
      call_id: item.call_id,
      name: asText(call.name),
      arguments: asText(call.arguments),
    });
    previousQuestion ??= await questionOf(find, record);
  }
  return { items, openCalls, previousQuestion };
}

type Find = (responseId: string) => Promise<ResponseRecord | null>;

function memoized(load: Find): Find {
  const seen = new Map<string, Promise<ResponseRecord | null>>();
  return (id) => {
    if (id === "") return Promise.resolve(null);
    const known = seen.get(id) ?? load(id);
    seen.set(id, known);
    return known;
  };
}

async function storedItem(find: Find, itemId: string): Promise<StoredItem | null> {
  const record = await find(responseOfItem(itemId) ?? "");
  if (record === null) return null;
  return [...outputOf(record), ...record.input].find((item) => item.id === itemId) ?? null;
}

/** The output of a stored response; it was written by us and is a list of items. */
export function outputOf(record: ResponseRecord): StoredItem[] {
  return Array.isArray(record.body.output) ? (record.body.output as StoredItem[]) : [];
}

function asInput(stored: StoredItem | null, param: string): InputItem {
  const schema = stored === null ? undefined : INPUT_ITEM_SCHEMAS[stored.type as InputItemType];
  const parsed = schema?.safeParse(stored);
  if (parsed?.success === true) return parsed.data;
  throw new RequestError("not_found", "The item that is referred to does not exist.", { param });
}

/** The last thing that a person said before `record`: tool outputs in between say nothing by themselves. */
async function questionOf(find: Find, record: ResponseRecord): Promise<string | null> {
  let current: ResponseRecord | null = record;
  for (let hops = 0; current !== null && hops < 32; hops++) {
    const text = userTexts(current).at(-1);
    if (text !== undefined) return text;
    const made = current.input.find((item) => item.type === "function_call_output");
    current = await find(responseOfItem(asText(made?.call_id)) ?? current.previous_response_id ?? "");
  }
  return null;
}

function asText(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

export function userTexts(record: ResponseRecord): string[] {
  return record.input.flatMap((item) => {
    const parsed = item.type === "message" ? INPUT_ITEM_SCHEMAS.message.safeParse(item) : undefined;
    return parsed?.success === true && parsed.data.role === "user" ? [textOf(parsed.data.content)] : [];
  });
}
