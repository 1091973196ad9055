/** Responses with `store: false` that one connection remembers, for turns that continue them (Open Responses). */
import type { Json } from "../../backends/backend.ts";

type Item = { [key: string]: Json };

const MOST = 64;

export class LocalResponses {
  /** Transcript by response id, newest last. */
  readonly #transcripts = new Map<string, Item[]>();

  has(id: string): boolean {
    return this.#transcripts.has(id);
  }

  /** The input of a turn with the transcript before it. */
  continued(id: string, input: unknown): Item[] {
    return [...(this.#transcripts.get(id) ?? []), ...itemsOf(input)];
  }

  remember(id: string, input: unknown, output: unknown[]): void {
    const oldest = this.#transcripts.size >= MOST ? this.#transcripts.keys().next().value : undefined;
    if (oldest !== undefined) this.#transcripts.delete(oldest);
    this.#transcripts.set(id, [...itemsOf(input), ...(output as Item[])]);
  }

  forget(id: string): void {
    this.#transcripts.delete(id);
  }
}

function itemsOf(input: unknown): Item[] {
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  return Array.isArray(input) ? (input as Item[]) : [];
}
