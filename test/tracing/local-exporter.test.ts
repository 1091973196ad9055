import { context, trace } from "@opentelemetry/api";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { expect, it } from "vitest";
import type { TracePiece } from "../../store/traces.ts";
import { localExporter } from "../../tracing/local-exporter.ts";

it("knows the thread of a background run whose request ended before its turn began", async () => {
  const kept: TracePiece[] = [];
  const table = { append: async (pieces: TracePiece[]) => void kept.push(...pieces), prune: async () => 0 };
  const exporter = localExporter(table, { max_traces: 10, max_age_days: 1 });
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer("test");
  const request = tracer.startSpan("POST /responses");
  request.end();
  const turn = tracer.startSpan("turn", {}, trace.setSpan(context.active(), request));
  turn.setAttributes({ "session.id": "thread-1", "orchestrator.response_id": "resp_1" });
  turn.end();
  await provider.forceFlush();
  expect(kept.map(({ thread_id, response_id }) => [thread_id, response_id])).toEqual([
    [null, null],
    ["thread-1", "resp_1"],
  ]);
  await provider.shutdown();
});
