/** A successful response whose body is still to be read, exactly once and within its limits. */
import type { Readable } from "node:stream";
import type { Json } from "../backend.ts";
import { fault } from "../fault.ts";
import { parseJson } from "../json-fields.ts";
import { createEventStream, type ServerSentEvent } from "./event-stream.ts";
import { readBody } from "./read-body.ts";

export interface ReplyParts {
  backend: string;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Readable;
  max_bytes: number;
  signal: AbortSignal;
}

export class Reply {
  readonly status: number;
  readonly #parts: ReplyParts;

  constructor(parts: ReplyParts) {
    this.status = parts.status;
    this.#parts = parts;
  }

  header(name: string): string | undefined {
    const value = this.#parts.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** Lower case, without parameters; empty when there is none. */
  get contentType(): string {
    return (this.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  }

  get isEventStream(): boolean {
    return this.contentType === "text/event-stream";
  }

  async text(): Promise<string> {
    const chunks: Buffer[] = [];
    await this.#read((chunk) => chunks.push(chunk));
    return Buffer.concat(chunks).toString("utf8");
  }

  /** A JSON body; an HTML page is the login page of a proxy, anything else is `malformed`. */
  async json(): Promise<Json> {
    const { backend } = this.#parts;
    const text = await this.text();
    if (this.contentType === "text/html") throw fault("unauthorized", { backend, status: this.status });
    const value = parseJson(text);
    if (value === undefined) throw fault("malformed", { backend, status: this.status });
    return value;
  }

  /**
   * Server-sent events as they arrive; `onEvent` runs synchronously and may throw to stop. `onRetry` gets the
   * reconnection times (milliseconds) that the server asks for.
   */
  async events(onEvent: (event: ServerSentEvent) => void, onRetry?: (ms: number) => void): Promise<void> {
    const stream = createEventStream(onEvent, onRetry);
    await this.#read((chunk) => stream.feed(chunk));
    stream.end();
  }

  /** Reads the rest away, so that the connection can be used again; what it held does not matter. */
  discard(): void {
    this.#parts.body.on("error", () => undefined);
    this.#parts.body.resume();
  }

  /** Gives the connection up; for replies that nobody will read to the end. */
  destroy(): void {
    this.#parts.body.on("error", () => undefined);
    this.#parts.body.destroy();
  }

  #read(onChunk: (chunk: Buffer) => void): Promise<void> {
    const { backend, body, max_bytes, signal } = this.#parts;
    return readBody(backend, body, max_bytes, signal, onChunk);
  }
}
