/** Runs the compiled graph to its end; somebody may watch its streams meanwhile. */
import type { LangGraphRunnableConfig, RunControl } from "@langchain/langgraph";
import type { StreamEvent } from "@langchain/core/tracers/log_stream";
import type { OrchestratorGraph } from "./orchestrator.ts";
import { GRAPH_MODES, type GraphMode, type GraphWatch } from "./steering.ts";

export type GraphStart = Parameters<OrchestratorGraph["invoke"]>[0];

export type GraphCall = LangGraphRunnableConfig & {
  durability: "sync";
  control?: RunControl;
  interruptBefore?: string[] | "*";
  interruptAfter?: string[] | "*";
};

type LibraryMode = Exclude<GraphMode, "events">;

/** What `graph.invoke` of these options rejects with, this rejects with too. */
export async function runGraph(
  graph: OrchestratorGraph,
  input: GraphStart,
  call: GraphCall,
  watch: GraphWatch | undefined,
): Promise<void> {
  const options = call as Parameters<OrchestratorGraph["invoke"]>[1] & object;
  const modes = (watch?.modes ?? []).filter((mode): mode is LibraryMode => mode !== "events");
  if (watch === undefined) {
    // Nobody reads what is streamed, and nothing of ours goes out as "custom": the values of each step would.
    await graph.invoke(input, { ...options, streamMode: "custom" });
  } else if (watch.modes.includes("events")) {
    const streamMode: LibraryMode[] = [...modes, "values"];
    const events = graph.streamEvents(input, { ...options, version: "v2", streamMode });
    for await (const event of events) hearEvent(event, modes, watch);
  } else {
    const chunks = await graph.stream(input, { ...options, streamMode: modes });
    for await (const [mode, data] of chunks as AsyncIterable<[LibraryMode, unknown]>) watch.chunk(mode, data);
  }
}

/** The graph's own streams come inside the events of the whole run. */
function hearEvent(event: StreamEvent, modes: readonly LibraryMode[], watch: GraphWatch): void {
  if (event.tags?.includes("langsmith:hidden") === true) return;
  const chunk: unknown = event.event === "on_chain_stream" ? event.data.chunk : undefined;
  if (!isModeChunk(chunk)) return watch.chunk("events", event);
  const [mode, data] = chunk;
  if (modes.includes(mode)) watch.chunk(mode, data);
}

function isModeChunk(chunk: unknown): chunk is [LibraryMode, unknown] {
  return Array.isArray(chunk) && chunk.length === 2 && GRAPH_MODES.includes(chunk[0] as GraphMode);
}
