/** Hands finished spans to one exporter in batches. Never blocks or fails a request: a full queue drops and counts. */
import { ExportResultCode, type ExportResult } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace-base";

export interface ExportCounts {
  exported: number;
  /** Spans that found the queue full. */
  dropped: number;
  /** Spans of batches that the exporter refused or did not take in time. */
  failed: number;
  queued: number;
}

export interface BoundedProcessorOptions {
  /** Spans that may wait. */
  queue: number;
  /** Spans per export. */
  batch: number;
  /** Longest wait before a batch that is not full goes out, in milliseconds. */
  every_ms: number;
  /** Longest time for one export, in milliseconds. */
  timeout_ms: number;
  /** Called once per failing period, not per batch. */
  onFailure(error: Error | undefined): void;
}

const LONGEST_WAIT_MS = 30_000;

export class BoundedProcessor implements SpanProcessor {
  readonly #exporter: SpanExporter;
  readonly #options: BoundedProcessorOptions;
  readonly #counts: ExportCounts = { exported: 0, dropped: 0, failed: 0, queued: 0 };
  #queue: ReadableSpan[] = [];
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> | null = null;
  /** Batches in a row that did not arrive. */
  #failures = 0;

  constructor(exporter: SpanExporter, options: BoundedProcessorOptions) {
    this.#exporter = exporter;
    this.#options = options;
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#queue.length >= this.#options.queue) {
      this.#counts.dropped += 1;
      return;
    }
    this.#queue.push(span);
    this.#plan();
  }

  counts(): ExportCounts {
    return { ...this.#counts, queued: this.#queue.length };
  }

  /** Resolves when everything that waited has been tried once. */
  async forceFlush(): Promise<void> {
    for (let round = 0; this.#queue.length > 0 || this.#sending !== null; round += 1) {
      this.#send();
      await this.#sending;
      if (round > this.#options.queue) return;
    }
  }

  async shutdown(): Promise<void> {
    await this.forceFlush();
    await this.#exporter.shutdown();
  }

  /** Full batches go at once; while exports fail, they are tried more and more seldom, so that they cost next to nothing. */
  #plan(): void {
    if (this.#sending !== null || this.#queue.length === 0) return;
    if (this.#failures === 0 && this.#queue.length >= this.#options.batch) return this.#send();
    const wait = Math.min(this.#options.every_ms * 2 ** this.#failures, LONGEST_WAIT_MS);
    this.#timer ??= setTimeout(() => this.#send(), wait).unref();
  }

  /** One export at a time, so that a slow exporter holds back one batch and no more. */
  #send(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#sending !== null || this.#queue.length === 0) return;
    const batch = this.#queue.splice(0, this.#options.batch);
    this.#sending = this.#export(batch).finally(() => {
      this.#sending = null;
      this.#plan();
    });
  }

  async #export(batch: ReadableSpan[]): Promise<void> {
    const { code, error } = await this.#tried(batch);
    const succeeded = code === ExportResultCode.SUCCESS;
    this.#counts[succeeded ? "exported" : "failed"] += batch.length;
    if (!succeeded && this.#failures === 0) this.#options.onFailure(error);
    this.#failures = succeeded ? 0 : this.#failures + 1;
  }

  #tried(batch: ReadableSpan[]): Promise<ExportResult> {
    return new Promise((resolve) => {
      const late = new Error(`No answer within ${this.#options.timeout_ms} ms.`);
      const timer = setTimeout(
        () => resolve({ code: ExportResultCode.FAILED, error: late }),
        this.#options.timeout_ms,
      );
      const done = (result: ExportResult) => {
        clearTimeout(timer);
        resolve(result);
      };
      try {
        this.#exporter.export(batch, done);
      } catch (error) {
        done({
          code: ExportResultCode.FAILED,
          error: error instanceof Error ? error : new Error(String(error)),
        });
      }
    });
  }
}
