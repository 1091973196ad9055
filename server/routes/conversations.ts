/** Conversations and their items (Responses contract sections 1 and 6). */
import { internalThreadId } from "../responses/thread-key.ts";
import { z } from "zod";
import { stopRunsOf } from "../background/stop-run.ts";
import { RequestError } from "../errors.ts";
import { pathParam, type Exchange } from "../exchange.ts";
import type { ConversationRecord } from "../../store/conversations.ts";
import { storedInput } from "../responses/item-ids.ts";
import { parseItems } from "../responses/parse-request.ts";
import { InputItem } from "../responses/item-schema.ts";
import { Metadata } from "../responses/request-schema.ts";
import { schemaProblem } from "../schema-problem.ts";
import { itemList, PAGE_QUERY, pageRequest } from "./item-list.ts";
import { type Route, versioned } from "./route.ts";

const MOST_ITEMS = 20;
const JSON_ONLY = ["application/json"] as const;
const ONE = "/conversations/:conversation_id";

const CreateBody = z.object({ metadata: Metadata.nullish(), items: z.array(InputItem).nullish() });
const UpdateBody = z.object({ metadata: Metadata });
const ItemsBody = z.object({ items: z.array(InputItem).min(1) });

export const CONVERSATION_ROUTES: readonly Route[] = [
  {
    method: "post",
    paths: versioned("/conversations"),
    summary: "Create a conversation.",
    body: { name: "CreateConversation", schema: CreateBody },
    produces: JSON_ONLY,
    handle: create,
  },
  {
    method: "get",
    paths: versioned(ONE),
    summary: "Fetch a conversation.",
    produces: JSON_ONLY,
    handle: async (exchange) => void exchange.res.json(wire(await find(exchange))),
  },
  {
    method: "post",
    paths: versioned(ONE),
    summary: "Replace a conversation's metadata.",
    body: { name: "UpdateConversation", schema: UpdateBody },
    produces: JSON_ONLY,
    handle: update,
  },
  {
    method: "delete",
    paths: versioned(ONE),
    summary: "Delete a conversation with its items.",
    produces: JSON_ONLY,
    handle: remove,
  },
  {
    method: "post",
    paths: versioned(`${ONE}/items`),
    summary: "Append items.",
    body: { name: "CreateItems", schema: ItemsBody },
    produces: JSON_ONLY,
    handle: append,
  },
  {
    method: "get",
    paths: versioned(`${ONE}/items`),
    summary: "List items.",
    query: PAGE_QUERY,
    produces: JSON_ONLY,
    handle: list,
  },
  {
    method: "get",
    paths: versioned(`${ONE}/items/:item_id`),
    summary: "Fetch an item.",
    produces: JSON_ONLY,
    handle: getItem,
  },
  {
    method: "delete",
    paths: versioned(`${ONE}/items/:item_id`),
    summary: "Delete an item.",
    produces: JSON_ONLY,
    handle: removeItem,
  },
];

async function create(exchange: Exchange): Promise<void> {
  const { services, caller } = exchange;
  const { metadata, items } = parseBody(
    CreateBody.extend({ items: z.unknown().optional() }),
    exchange.json() ?? {},
  );
  const id = services.randomId().slice(0, 32);
  const parsed = items === undefined || items === null ? [] : parseItems(items, "items", MOST_ITEMS);
  const record: ConversationRecord = {
    id: `conv_${id}`,
    owner: caller.subject,
    created_at: services.clock(),
    metadata: metadata ?? {},
    edited: parsed.length > 0,
  };
  await services.store.conversations.create(record);
  if (parsed.length > 0) {
    await services.store.conversations.append(caller.subject, record.id, storedInput(parsed, id));
  }
  exchange.res.json(wire(record));
}

async function update(exchange: Exchange): Promise<void> {
  const { metadata } = parseBody(UpdateBody, exchange.json());
  const { conversations } = exchange.services.store;
  const id = pathParam(exchange, "conversation_id");
  const record = await conversations.update(exchange.caller.subject, id, { metadata });
  if (record === null) throw noSuchConversation();
  exchange.res.json(wire(record));
}

async function remove(exchange: Exchange): Promise<void> {
  const { id } = await find(exchange);
  const { subject } = exchange.caller;
  const { store } = exchange.services;
  // The thread behind it would go on remembering, and its runs would add to it.
  const thread = internalThreadId(subject, id);
  await stopRunsOf(exchange.services, subject, thread);
  // Both together: whoever leaves while a run is waited for finds it there to delete again.
  await store.withThread(thread, { wait: true, signal: exchange.signal }, async () => {
    await store.forgetThread(subject, thread);
    await store.conversations.delete(subject, id);
  });
  exchange.res.json({ id, object: "conversation.deleted", deleted: true });
}

async function append(exchange: Exchange): Promise<void> {
  const { services, caller } = exchange;
  const { items } = parseBody(ItemsBody.extend({ items: z.unknown().optional() }), exchange.json());
  const { id } = await find(exchange);
  const stored = storedInput(parseItems(items, "items", MOST_ITEMS), services.randomId().slice(0, 32));
  await services.store.conversations.append(caller.subject, id, stored);
  await services.store.conversations.update(caller.subject, id, { edited: true });
  exchange.res.json(itemList({ items: stored, has_more: false }));
}

async function list(exchange: Exchange): Promise<void> {
  const page = pageRequest(exchange.req.query);
  const id = pathParam(exchange, "conversation_id");
  const items = await exchange.services.store.conversations.items(exchange.caller.subject, id, page);
  if (items === null) throw noSuchConversation();
  exchange.res.json(itemList(items));
}

async function getItem(exchange: Exchange): Promise<void> {
  const { conversations } = exchange.services.store;
  const [id, itemId] = [pathParam(exchange, "conversation_id"), pathParam(exchange, "item_id")];
  const item = await conversations.item(exchange.caller.subject, id, itemId);
  if (item === null) throw new RequestError("not_found", "The item does not exist.", { param: "item_id" });
  exchange.res.json(item);
}

async function removeItem(exchange: Exchange): Promise<void> {
  const { conversations } = exchange.services.store;
  const record = await find(exchange);
  const deleted = await conversations.deleteItem(record.owner, record.id, pathParam(exchange, "item_id"));
  if (!deleted) throw new RequestError("not_found", "The item does not exist.", { param: "item_id" });
  await conversations.update(record.owner, record.id, { edited: true });
  exchange.res.json(wire(record));
}

async function find(exchange: Exchange): Promise<ConversationRecord> {
  const id = pathParam(exchange, "conversation_id");
  const record = await exchange.services.store.conversations.get(exchange.caller.subject, id);
  if (record === null) throw noSuchConversation();
  return record;
}

function noSuchConversation(): RequestError {
  return new RequestError("not_found", "The conversation does not exist.", { param: "conversation_id" });
}

function wire({ id, created_at, metadata }: ConversationRecord) {
  return { id, object: "conversation", created_at: Math.floor(created_at / 1000), metadata };
}

function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw schemaProblem(parsed.error, body);
  return parsed.data;
}
