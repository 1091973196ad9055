/** The graph's state once more, as LangGraph checks it fast: each written field against its own schema and nothing else. */
import { ReducedValue, StateSchema } from "@langchain/langgraph";
import { schemaMetaRegistry } from "@langchain/langgraph/zod";
import type { z } from "zod";
import { GraphState } from "./channels.ts";

/**
 * The same channels, reducers and checks. Given the zod object itself, LangGraph derives two optional copies of the
 * whole state for every update of every node and compiles one of them: a fifth of what a turn of the graph costs.
 */
export const CheckedState = new StateSchema(
  Object.fromEntries(Object.entries(GraphState.shape).map(([name, field]) => [name, reduced(field)])),
) as object as typeof GraphState;

function reduced(field: z.ZodType) {
  const meta = schemaMetaRegistry.get(field);
  if (meta?.reducer?.schema === undefined) throw new TypeError("Every field of the state has a reducer.");
  const { schema, fn } = meta.reducer;
  return new ReducedValue(field.default(meta.default?.()), { inputSchema: schema as z.ZodType, reducer: fn });
}
