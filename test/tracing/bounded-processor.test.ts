import { ExportResultCode, type ExportResult } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { describe, expect, it, vi } from "vitest";
import { BoundedProcessor } from "../../tracing/bounded-processor.ts";

const SPAN = {} as ReadableSpan;
type Answer = (batch: ReadableSpan[], done: (result: ExportResult) => void) => void;

function processor(
  answer: Answer,
  change: Partial<Record<"queue" | "batch" | "every_ms" | "timeout_ms", number>> = {},
) {
  const failures: (string | undefined)[] = [];
  const exporter: SpanExporter = { export: answer, shutdown: async () => {} };
  const options = { queue: 10, batch: 4, every_ms: 60_000, timeout_ms: 1_000, ...change };
  const made = new BoundedProcessor(exporter, {
    ...options,
    onFailure: (error) => failures.push(error?.message),
  });
  const end = (count: number) => {
    for (let i = 0; i < count; i += 1) made.onEnd(SPAN);
  };
  return { made, failures, end };
}

describe("BoundedProcessor", () => {
  it("sends full batches at once and the rest on flush", async () => {
    const batches: number[] = [];
    const { made, end } = processor((batch, done) => {
      batches.push(batch.length);
      done({ code: ExportResultCode.SUCCESS });
    });
    end(6);
    await made.forceFlush();
    expect(batches).toEqual([4, 2]);
    expect(made.counts()).toEqual({ exported: 6, dropped: 0, failed: 0, queued: 0 });
  });

  it("keeps one export under way and drops what the queue cannot hold", async () => {
    const waiting: ((result: ExportResult) => void)[] = [];
    const { made, end } = processor((_, done) => void waiting.push(done));
    end(20);
    expect(waiting).toHaveLength(1);
    // Four are being sent, ten wait, six found no place.
    expect(made.counts()).toEqual({ exported: 0, dropped: 6, failed: 0, queued: 10 });
    const flushed = made.forceFlush();
    for (let sent = 0; sent < 4; sent += 1) {
      waiting[sent]?.({ code: ExportResultCode.SUCCESS });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await flushed;
    expect(made.counts()).toEqual({ exported: 14, dropped: 6, failed: 0, queued: 0 });
  });

  it("counts what an exporter refuses, throws away or never answers, and tells it once", async () => {
    const answers: Answer[] = [
      (_, done) => done({ code: ExportResultCode.FAILED, error: new Error("refused") }),
      () => {
        throw new Error("broken");
      },
      () => {},
      (_, done) => done({ code: ExportResultCode.SUCCESS }),
      (_, done) => done({ code: ExportResultCode.FAILED, error: new Error("again") }),
    ];
    let at = 0;
    const { made, end, failures } = processor((batch, done) => answers[at++]?.(batch, done), {
      batch: 1,
      timeout_ms: 20,
    });
    end(5);
    await made.forceFlush();
    expect(made.counts()).toEqual({ exported: 1, dropped: 0, failed: 4, queued: 0 });
    expect(failures).toEqual(["refused", "again"]);
  });

  it("sends a backlog on without waiting, and leaves a failing exporter alone for longer and longer", async () => {
    vi.useFakeTimers();
    try {
      let code = ExportResultCode.FAILED;
      const at: number[] = [];
      const { made, end } = processor(
        (_, done) => {
          at.push(Date.now());
          queueMicrotask(() => done({ code }));
        },
        { queue: 100, batch: 4, every_ms: 1_000 },
      );
      const began = Date.now();
      end(20);
      await vi.advanceTimersByTimeAsync(7_000);
      end(4);
      // At once, then after 2 and 4 seconds more; spans that come meanwhile do not hurry it.
      expect(at.map((time) => time - began)).toEqual([0, 2_000, 6_000]);
      code = ExportResultCode.SUCCESS;
      await vi.advanceTimersByTimeAsync(8_000);
      expect(at.map((time) => time - began).slice(3)).toEqual([14_000, 14_000, 14_000]);
      expect(made.counts()).toEqual({ exported: 12, dropped: 0, failed: 12, queued: 0 });
    } finally {
      vi.useRealTimers();
    }
  });
});
