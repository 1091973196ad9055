/** The compiled graph for LangGraph's own API: its drawing, its schemas, and its states as they are kept. */
import type { StateSnapshot } from "@langchain/langgraph";
import {
  getConfigTypeSchema,
  getInputTypeSchema,
  getOutputTypeSchema,
  getUpdateTypeSchema,
} from "@langchain/langgraph/zod/schema";
import type { Update } from "../nodes/channels.ts";
import type { OrchestratorGraph } from "./orchestrator.ts";
import { snapshotAt } from "./thread-view.ts";

export interface HistoryPage {
  limit: number;
  /** Only checkpoints before this one. */
  before?: string;
  /** By the checkpoints' metadata, e.g. `source`. */
  filter?: Record<string, unknown>;
}

export interface GraphAccess {
  /** Every node but start and end. */
  nodes: readonly string[];
  /** Nodes and edges as LangGraph writes them, and what it leaves out: each node's description. */
  draw: (xray: boolean) => Promise<unknown>;
  /** JSON schemas; `context` is what a run may be told besides its input. */
  schemas: () => { input: unknown; output: unknown; state: unknown; context: unknown };
  /** The newest state when no checkpoint is named; null when there is none. */
  state: (threadId: string, checkpointId?: string) => Promise<StateSnapshot | null>;
  /** Newest first. */
  history: (threadId: string, page: HistoryPage) => Promise<StateSnapshot[]>;
  /** Writes a new checkpoint as the named node would, and returns its id. Call it under the thread's lock. */
  update: (
    where: { thread_id: string; checkpoint_id?: string },
    values: Update,
    asNode?: string,
  ) => Promise<string>;
}

export function graphAccess(graph: OrchestratorGraph): GraphAccess {
  return {
    nodes: Object.keys(graph.nodes).filter((name) => !name.startsWith("__")),
    draw: (xray) => drawn(graph, xray),
    schemas: () => ({
      input: getInputTypeSchema(graph),
      output: getOutputTypeSchema(graph),
      state: getUpdateTypeSchema(graph),
      context: getConfigTypeSchema(graph),
    }),
    state: (threadId, checkpointId) => snapshotAt(graph, threadId, checkpointId),
    history: async (thread_id, { limit, before, filter }) => {
      const found: StateSnapshot[] = [];
      const options = {
        limit,
        ...(before === undefined ? {} : { before: { configurable: { thread_id, checkpoint_id: before } } }),
        ...(filter === undefined ? {} : { filter }),
      };
      for await (const snapshot of graph.getStateHistory({ configurable: { thread_id } }, options))
        found.push(snapshot);
      return found;
    },
    update: async (where, values, asNode) => {
      const written = await graph.updateState({ configurable: where }, values, asNode);
      return String(written.configurable?.checkpoint_id);
    },
  };
}

/** LangGraph drops the nodes' metadata from its JSON; its clients read them at this place. */
async function drawn(graph: OrchestratorGraph, xray: boolean): Promise<unknown> {
  const drawable = await graph.getGraphAsync({ xray });
  const { nodes, edges } = drawable.toJSON() as { nodes: { id: string; data?: object }[]; edges: unknown[] };
  const withMetadata = nodes.map((node) => {
    const metadata = drawable.nodes[node.id]?.metadata;
    return metadata === undefined ? node : { ...node, data: { ...node.data, metadata } };
  });
  return { nodes: withMetadata, edges };
}
