/** How big the database is: checkpoints, traces and everything else that is kept. */
import { Gauge, type Registry } from "prom-client";

/** A scrape does not measure the tables more often than this, in milliseconds. */
const EVERY_MS = 15_000;

export function collectSizes(
  registry: Registry,
  sources: { sizes(): Promise<Record<string, number>> },
): void {
  let measured = -Infinity;
  registry.registerMetric(
    new Gauge({
      name: "orchestrator_database_bytes",
      help: "Bytes on disk by file or table.",
      labelNames: ["part"],
      registers: [],
      // The same database from every process.
      aggregator: "max",
      async collect() {
        if (performance.now() - measured < EVERY_MS) return;
        measured = performance.now();
        // A database that does not answer is told by readiness; the other metrics matter then.
        const sizes = await sources.sizes().catch(() => ({}));
        for (const [part, bytes] of Object.entries(sizes))
          this.set({ part: part.replace(/^.*[\\/]/, "") }, bytes);
      },
    }),
  );
}
