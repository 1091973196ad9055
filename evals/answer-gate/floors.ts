/** What answers must reach on the committed recordings. Replay has no noise, so each floor lies just under what was measured. */
import type { Floors, Split } from "../gate.ts";

export const FLOORS: Record<Split, Floors> = {
  dev: {
    routing: 0.9,
    plans: 0.9,
    numbers: 0.8,
    citations: 0.98,
    grounding: 0.98,
    honesty: 1,
    "stale figures": 0.5,
  },
  heldout: {
    routing: 0.85,
    plans: 0.83,
    numbers: 0.7,
    citations: 0.96,
    grounding: 0.98,
    honesty: 1,
    "stale figures": 0.5,
  },
};
