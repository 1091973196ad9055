/** The state of every backend at the moment of the scrape. */
import { Gauge, type Registry } from "prom-client";
import type { BackendSnapshot } from "../../backends/backend-snapshot.ts";

const BREAKER = { closed: 0, half_open: 1, open: 2 } as const;

export function collectBackends(registry: Registry, sources: { backends(): BackendSnapshot[] }): void {
  const gauge = (name: string, help: string, read: (backend: BackendSnapshot) => number) => {
    const made = new Gauge({
      name: `orchestrator_backend_${name}`,
      help,
      labelNames: ["backend", "kind"],
      registers: [],
      // Of several processes the worst; the rest adds up.
      aggregator: name === "breaker_state" ? "max" : "sum",
      collect() {
        for (const backend of sources.backends()) {
          this.set({ backend: backend.name, kind: backend.kind }, read(backend));
        }
      },
    });
    registry.registerMetric(made);
  };
  gauge("breaker_state", "0 closed, 1 half open, 2 open.", ({ breaker }) => BREAKER[breaker]);
  gauge("active", "Questions under way.", ({ active }) => active);
  gauge("waiting", "Questions that wait for a place.", ({ waiting }) => waiting);
  gauge("asked", "Questions since the start.", ({ asked }) => asked);
  gauge("answered", "Answers since the start.", ({ answered }) => answered);
  gauge("cached", "Answers from the cache since the start.", ({ cached }) => cached);
  gauge("http_calls", "HTTP calls since the start, repeats included.", ({ calls }) => calls);
  gauge("http_retries", "Repeated HTTP calls since the start.", ({ retries }) => retries);
  registry.registerMetric(
    new Gauge({
      name: "orchestrator_backend_failures",
      help: "Failed calls since the start, by code.",
      labelNames: ["backend", "code"],
      registers: [],
      collect() {
        for (const { name, failures } of sources.backends()) {
          for (const [code, count] of Object.entries(failures)) this.set({ backend: name, code }, count);
        }
      },
    }),
  );
}
