/** Responses with `store: false` that one connection remembers, for turns that continue them (Open Responses). */
import type { Json } from "../../backends/backend.ts";

type Item = { [key: string]: Json };

interface Transcript {
  items: Item[];
  bytes: number;
}

const MOST = 64;

/** Ids of responses that had to be let go, kept to say so. */
const MOST_LET_GO = 1_024;

export class LocalResponses {
  readonly #limit: number;
  /** By response id, newest last. */
  readonly #transcripts = new Map<string, Transcript>();
  readonly #letGo = new Set<string>();
  #bytes = 0;

  /** `limit` is in bytes of JSON, over all transcripts: the oldest make room for the newest. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  has(id: string): boolean {
    return this.#transcripts.has(id);
  }

  /** Whether the response was remembered, or would have been, but for the limits. */
  letGo(id: string): boolean {
    return this.#letGo.has(id);
  }

  /** The input of a turn with the transcript before it. */
  continued(id: string, input: unknown): Item[] {
    return [...(this.#transcripts.get(id)?.items ?? []), ...itemsOf(input)];
  }

  remember(id: string, input: unknown, output: unknown[]): void {
    const items = [...itemsOf(input), ...(output as Item[])];
    const bytes = Buffer.byteLength(JSON.stringify(items));
    this.#transcripts.set(id, { items, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#transcripts.keys()) {
      if (this.#bytes <= this.#limit && this.#transcripts.size <= MOST) return;
      this.forget(oldest);
      this.#note(oldest);
    }
  }

  forget(id: string): void {
    this.#bytes -= this.#transcripts.get(id)?.bytes ?? 0;
    this.#transcripts.delete(id);
  }

  #note(id: string): void {
    this.#letGo.add(id);
    if (this.#letGo.size <= MOST_LET_GO) return;
    for (const oldest of this.#letGo) {
      this.#letGo.delete(oldest);
      return;
    }
  }
}

function itemsOf(input: unknown): Item[] {
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  return Array.isArray(input) ? (input as Item[]) : [];
}
