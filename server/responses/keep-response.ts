/** Keeps what came of a turn: the response, the turn in its thread, the items in its conversation. */
import type { Json } from "../../backends/backend.ts";
import type { TurnResult } from "../../graphs/run.ts";
import type { StoredItem } from "../../store/responses.ts";
import type { PreparedTurn } from "./prepare-turn.ts";
import type { ResponseBody } from "./response-body.ts";
import type { RunHost } from "./run-turn.ts";

/** May be repeated: a run that is taken over keeps the same things again. */
export async function keepResponse(
  host: RunHost,
  turn: PreparedTurn,
  body: ResponseBody,
  result: TurnResult | null,
): Promise<void> {
  const { store, clock } = host.services;
  const common = {
    owner: turn.owner,
    thread_id: turn.thread_id,
    thread_key: turn.thread_key,
    previous_response_id: turn.previous_response_id,
    created_at: clock(),
  };
  // What it echoes came in as JSON.
  const json = body as object as { [key: string]: Json };
  const writes = [
    store.responses.save({
      ...common,
      id: turn.response_id,
      checkpoint_id: result?.checkpoint_id ?? null,
      conversation_id: turn.conversation_id,
      status: body.status,
      body: json,
      input: turn.items,
    }),
  ];
  const { status } = body;
  if (status === "completed" || status === "incomplete") {
    const answer = result?.answer?.text ?? "";
    const asked = { response_id: turn.response_id, question: turn.input.question };
    writes.push(store.turns.append({ ...common, ...asked, answer, status }));
    if (turn.conversation_id !== null) writes.push(extend(host, turn, turn.conversation_id, json));
  }
  await Promise.all(writes);
}

/** A failed turn leaves no trace in its conversation (section 6). */
async function extend(
  host: RunHost,
  turn: PreparedTurn,
  conversationId: string,
  body: { [key: string]: Json },
): Promise<void> {
  const items = [...turn.items, ...(body.output as StoredItem[])];
  const { conversations } = host.services.store;
  const first = items[0];
  if (first !== undefined && (await conversations.item(turn.owner, conversationId, first.id)) !== null)
    return;
  await conversations.append(turn.owner, conversationId, items);
}
