/** Remembers for a moment streams that failed before their first word, for the client that repeats them by itself. */
import { createHash } from "node:crypto";
import type { InputItem } from "./item-schema.ts";
import type { RunFailure } from "./run-failure.ts";

const KEEP_MS = 15_000;
const MOST = 1_000;

export interface FailedStream {
  failure: RunFailure;
  /** Whether a backend was asked. */
  called: boolean;
}

/**
 * The stock chat UI sends such a request again, not streamed and with the same conversation (Responses contract
 * section 3.5): it gets the same failure instead of a second run.
 */
export class FailedStreams {
  readonly #clock: () => number;
  readonly #failed = new Map<string, FailedStream & { until: number }>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  remember(threadId: string, input: readonly InputItem[], failed: FailedStream): void {
    const oldest = this.#failed.size >= MOST ? this.#failed.keys().next().value : undefined;
    if (oldest !== undefined) this.#failed.delete(oldest);
    this.#failed.set(keyOf(threadId, input), { ...failed, until: this.#clock() + KEEP_MS });
  }

  /** Once per failure: whoever asks again after that means it. */
  take(threadId: string, input: readonly InputItem[]): FailedStream | null {
    if (this.#failed.size === 0) return null;
    const key = keyOf(threadId, input);
    const failed = this.#failed.get(key);
    this.#failed.delete(key);
    return failed !== undefined && failed.until > this.#clock() ? failed : null;
  }
}

function keyOf(threadId: string, input: readonly InputItem[]): string {
  return createHash("sha256").update(threadId).update(JSON.stringify(input)).digest("base64");
}
