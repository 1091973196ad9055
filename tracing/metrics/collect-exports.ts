/** What became of spans and assessments on their way out. */
import { Gauge, type Registry } from "prom-client";
import type { ExportCounts } from "../bounded-processor.ts";

export interface ExportSources {
  exports(): Record<string, ExportCounts>;
  assessments(): { done: number; failed: number; dropped: number };
}

export function collectExports(registry: Registry, sources: ExportSources): void {
  registry.registerMetric(
    new Gauge({
      name: "orchestrator_export_spans",
      help: "Spans since the start by destination: exported, dropped (queue full), failed; and queued now.",
      labelNames: ["destination", "outcome"],
      registers: [],
      collect() {
        for (const [destination, counts] of Object.entries(sources.exports())) {
          for (const [outcome, count] of Object.entries(counts))
            this.set({ destination, outcome }, Number(count));
        }
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: "orchestrator_assessments",
      help: "Assessments passed on since the start.",
      labelNames: ["outcome"],
      registers: [],
      collect() {
        for (const [outcome, count] of Object.entries(sources.assessments())) this.set({ outcome }, count);
      },
    }),
  );
}
