/** Watches one run: the graph's own streams, and what the run tells. */
import type { GraphWatch } from "../graphs/steering.ts";
import type { RunEvent } from "../nodes/run-context.ts";

export interface RunWatch extends GraphWatch {
  event: (event: RunEvent) => void;
}
