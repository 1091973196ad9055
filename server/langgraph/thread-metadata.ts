/** Metadata of a thread: the graph is known, the rest is the client's. */
import { z } from "zod";
import type { Json } from "../../backends/backend.ts";
import type { ThreadRecord } from "../../store/threads.ts";
import { RequestError } from "../errors.ts";
import { ASSISTANT_ID, GRAPH_ID } from "./assistant.ts";

const LONGEST = 16_000;

export const ThreadMetadata = z
  .record(z.string().min(1).max(64), z.json())
  .refine((metadata) => JSON.stringify(metadata).length <= LONGEST, {
    error: `must have at most ${LONGEST} characters as JSON`,
  });
type ThreadMetadata = z.infer<typeof ThreadMetadata>;

/** Clients also send the name of the graph as the id of its assistant. */
const OF_GRAPH: ReadonlyMap<string, readonly Json[]> = new Map([
  ["graph_id", [GRAPH_ID]],
  ["assistant_id", [ASSISTANT_ID, GRAPH_ID]],
]);

export function metadataOf({ metadata }: ThreadRecord): Record<string, Json> {
  return { ...metadata, graph_id: GRAPH_ID, assistant_id: ASSISTANT_ID };
}

/** What is kept of it. Throws when it names another graph. */
export function ownMetadata(metadata: ThreadMetadata | null | undefined): Record<string, Json> {
  const given = Object.entries(metadata ?? {});
  const other = given.find(
    ([name, value]) => value !== null && OF_GRAPH.get(name)?.includes(value) === false,
  );
  if (other !== undefined) throw otherGraph(`metadata.${other[0]}`);
  return Object.fromEntries(given.filter(([name]) => !OF_GRAPH.has(name)));
}

/** Whether the thread's metadata contains these. */
export function hasMetadata(record: ThreadRecord, wanted: ThreadMetadata | null | undefined): boolean {
  const has = new Map(Object.entries(metadataOf(record)));
  return Object.entries(wanted ?? {}).every(
    ([name, value]) =>
      OF_GRAPH.get(name)?.includes(value) ?? JSON.stringify(has.get(name)) === JSON.stringify(value),
  );
}

function otherGraph(param: string): RequestError {
  const message = `Invalid '${param}': the graph of this server is '${GRAPH_ID}'.`;
  return new RequestError("invalid_value", message, { param });
}
