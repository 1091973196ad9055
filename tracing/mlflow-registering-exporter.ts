/** Tells MLflow of each trace before its spans: OTLP alone carries neither the version nor the state of a trace. */
import { ExportResultCode, type ExportResult } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { isLocalRoot } from "./local-root.ts";

export interface Registration {
  register: (root: ReadableSpan) => Promise<void>;
  /** Without it no spans are taken (Unity Catalog); elsewhere they go all the same. */
  required: boolean;
}

/** `spans` sends the spans themselves, by OTLP. A batch whose traces could not be registered counts as failed. */
export function registeringExporter({ register, required }: Registration, spans: SpanExporter): SpanExporter {
  return {
    export(batch: ReadableSpan[], done: (result: ExportResult) => void) {
      const failed = (error: unknown) => done({ code: ExportResultCode.FAILED, error: error as Error });
      Promise.all(batch.filter(isLocalRoot).map(register)).then(
        () => spans.export(batch, done),
        (error: unknown) => (required ? failed(error) : spans.export(batch, () => failed(error))),
      );
    },
    shutdown: () => spans.shutdown(),
  };
}
