/** `POST /langgraph/threads/search`: the caller's threads, whichever API they were begun with. */
import { z } from "zod";
import type { ThreadRecord } from "../../store/threads.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { internalThreadId } from "../responses/thread-key.ts";
import { parsedBody } from "./parsed-body.ts";
import { hasMetadata, ThreadMetadata } from "./thread-metadata.ts";
import { threadObject } from "./thread-object.ts";
import { wireJson } from "./wire-json.ts";

export const SearchThreads = z.object({
  ids: z.array(z.string()).max(1_000).nullish(),
  metadata: ThreadMetadata.nullish(),
  status: z.enum(["idle", "busy", "interrupted", "error"]).nullish(),
  limit: z.number().int().min(1).max(100).default(10),
  offset: z.number().int().min(0).default(0),
  sort_by: z.enum(["created_at", "updated_at"]).nullish(),
  sort_order: z.enum(["asc", "desc"]).nullish(),
  select: z.array(z.string()).nullish(),
  values: z.record(z.string(), z.unknown()).nullish(),
  extract: z.record(z.string(), z.unknown()).nullish(),
});
type SearchThreads = z.infer<typeof SearchThreads>;

/** The newest threads of an owner that are looked at. */
const MOST = 1_000;
const PAGE = 200;

export async function searchThreads(exchange: Exchange): Promise<void> {
  const query = parsedBody(exchange, SearchThreads);
  refuseContent(query);
  const found = await matching(exchange, query);
  const shown = await page(exchange, found, query);
  const next = query.offset + shown.length;
  exchange.res.setHeader("x-pagination-total", String(found.length));
  if (next < found.length) exchange.res.setHeader("x-pagination-next", String(next));
  exchange.res.type("application/json").send(`[${shown.join(",")}]`);
}

export async function countThreads(exchange: Exchange): Promise<void> {
  const query = parsedBody(exchange, SearchThreads);
  refuseContent(query);
  exchange.res.json((await matching(exchange, query)).length);
}

async function matching(exchange: Exchange, query: SearchThreads): Promise<ThreadRecord[]> {
  const { subject } = exchange.caller;
  const ids = query.ids && new Set(query.ids.map((key) => internalThreadId(subject, key)));
  const all = await newest(exchange);
  const found = all.filter(
    (record) => (ids?.has(record.thread_id) ?? true) && hasMetadata(record, query.metadata),
  );
  const by = query.sort_by ?? "updated_at";
  const time = (record: ThreadRecord) => (by === "created_at" ? record.created_at : record.touched_at);
  found.sort((a, b) => time(b) - time(a));
  if (query.sort_order === "asc") found.reverse();
  if (query.status === null || query.status === undefined) return found;
  const standing: ThreadRecord[] = [];
  for (const record of found)
    if ((await threadObject(exchange, record)).status === query.status) standing.push(record);
  return standing;
}

async function newest({ services, caller }: Exchange): Promise<ThreadRecord[]> {
  const found: ThreadRecord[] = [];
  while (found.length < MOST) {
    const page = await services.store.threads.list(caller.subject, PAGE, found.at(-1));
    found.push(...page);
    if (page.length < PAGE) break;
  }
  return found;
}

async function page(exchange: Exchange, found: ThreadRecord[], query: SearchThreads): Promise<string[]> {
  const { offset, limit, select } = query;
  const shown: string[] = [];
  for (const record of found.slice(offset, offset + limit)) {
    const thread = { id: record.thread_id, key: record.thread_key };
    const whole = Object.entries(await threadObject(exchange, record));
    const kept = whole.filter(([name]) => select?.includes(name) ?? true);
    shown.push(wireJson(Object.fromEntries(kept), thread));
  }
  return shown;
}

function refuseContent({ values, extract }: SearchThreads): void {
  for (const [param, given] of Object.entries({ values, extract })) {
    if (given === null || given === undefined || Object.keys(given).length === 0) continue;
    const message = `Unsupported '${param}': threads are searched by id, metadata and status.`;
    throw new RequestError("unsupported_parameter", message, { param });
  }
}
