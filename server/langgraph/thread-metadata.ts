/** Metadata of a thread: its title is the client's to choose, the graph is known. */
import { z } from "zod";
import type { ThreadRecord } from "../../store/threads.ts";
import { RequestError } from "../errors.ts";
import { ASSISTANT_ID, GRAPH_ID } from "./assistant.ts";

export const ThreadMetadata = z.record(z.string().max(64), z.json());
type ThreadMetadata = z.infer<typeof ThreadMetadata>;

export function metadataOf({ title }: Pick<ThreadRecord, "title">): Record<string, string> {
  return { graph_id: GRAPH_ID, assistant_id: ASSISTANT_ID, ...(title === null ? {} : { title }) };
}

/** The title to keep; undefined when none is given. Nothing else is kept, and saying so beats forgetting it. */
export function titleIn(metadata: ThreadMetadata | null | undefined): string | undefined {
  const known = new Map<string, unknown>(Object.entries(metadataOf({ title: null })));
  let title: string | undefined;
  for (const [name, value] of Object.entries(metadata ?? {})) {
    const param = `metadata.${name}`;
    if (name === "title" && typeof value === "string" && value.length <= 512) title = value;
    else if (name === "title")
      throw new RequestError("invalid_type", `Invalid '${param}': expected a short string.`, { param });
    else if (!known.has(name))
      throw new RequestError(
        "unsupported_parameter",
        `Unsupported '${param}': of a thread only 'title' is kept.`,
        { param },
      );
    else if (value !== null && value !== GRAPH_ID && value !== known.get(name))
      throw new RequestError("invalid_value", `Invalid '${param}': this server has '${GRAPH_ID}'.`, {
        param,
      });
  }
  return title;
}

/** Whether the thread's metadata contains these. */
export function hasMetadata(record: ThreadRecord, wanted: ThreadMetadata | null | undefined): boolean {
  const has = new Map<string, unknown>(Object.entries(metadataOf(record)));
  return Object.entries(wanted ?? {}).every(
    ([name, value]) => has.get(name) === value || (name === "assistant_id" && value === GRAPH_ID),
  );
}
