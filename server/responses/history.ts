/** A conversation as plain messages, for runs that cannot go on from the graph's own memory. */
import type { Message } from "../../nodes/state.ts";
import type { ResponseRecord, StoredItem } from "../../store/responses.ts";
import type { TurnRecord } from "../../store/turns.ts";
import type { ResponseStore } from "../ports.ts";
import { textOf } from "./compose-turn.ts";
import { INPUT_ITEM_SCHEMAS } from "./item-schema.ts";
import { outputOf } from "./recall.ts";

/** The response, its parents and what was asked for each, oldest first; at most `turns` of them. */
export async function chainMessages(
  store: ResponseStore,
  owner: string,
  last: ResponseRecord,
  turns: number,
): Promise<Message[]> {
  const chain: ResponseRecord[] = [];
  let current: ResponseRecord | null = last;
  while (current !== null && chain.length < turns) {
    chain.unshift(current);
    const parent: string | null = current.previous_response_id;
    current = parent === null ? null : await store.responses.get(owner, parent);
  }
  return chain.flatMap((record) => itemMessages([...record.input, ...outputOf(record)]));
}

/** A turn that waits for approval has no answer yet. */
export function turnMessages(turns: readonly TurnRecord[]): Message[] {
  return turns
    .flatMap(({ question, answer }): Message[] => [
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ])
    .filter((message) => message.content !== "");
}

export function itemMessages(items: readonly StoredItem[]): Message[] {
  return items.flatMap((item): Message[] => {
    const parsed = item.type === "message" ? INPUT_ITEM_SCHEMAS.message.safeParse(item) : undefined;
    if (parsed?.success !== true) return [];
    const { role } = parsed.data;
    const content = textOf(parsed.data.content);
    return (role === "user" || role === "assistant") && content !== "" ? [{ role, content }] : [];
  });
}
