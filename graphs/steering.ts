/** What LangGraph's own API asks of a run beyond a question: going on as it stands, stops, and the graph's streams. */
import type { StateSnapshot } from "@langchain/langgraph";

/** Plain JSON: a background run keeps it. */
export interface Steering {
  /** Go on from the checkpoint as it stands, without a question. */
  proceed?: boolean;
  /** Nodes before which the run stops; `*` means every node. */
  interrupt_before?: string[] | "*";
  interrupt_after?: string[] | "*";
}

/** Stream modes of a compiled graph; `events` is what its `streamEvents` gives. */
export const GRAPH_MODES = [
  "values",
  "updates",
  "tasks",
  "checkpoints",
  "debug",
  "custom",
  "events",
] as const;
export type GraphMode = (typeof GRAPH_MODES)[number];

export interface GraphWatch {
  modes: readonly GraphMode[];
  /** Raw: configurations inside hold the caller's token. Hand on ids alone. */
  chunk: (mode: GraphMode, data: unknown) => void;
  /** The state that the run left behind. */
  ended: (snapshot: StateSnapshot) => void;
}
