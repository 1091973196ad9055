/** `POST /langgraph/threads/:id/state`: another question, memory or plan, as a new checkpoint to run from. */
import { InvalidUpdateError } from "@langchain/langgraph";
import { z } from "zod";
import { Message, Options } from "../../nodes/state.ts";
import { Plan } from "../../routing/plan.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { checkPlan } from "../threads/check-plan.ts";
import { findThread, noSuchCheckpoint, threadsOf } from "../threads/find-thread.ts";
import { onFreeThread } from "../threads/on-free-thread.ts";
import { checkOptions } from "./check-options.ts";
import { CheckpointName, checkpointId } from "./checkpoint.ts";
import { parsedBody } from "./parsed-body.ts";
import { portOf } from "./port-of.ts";

/** The rest of the state is what the graph found out, and approvals are given by resuming. */
const Values = z.strictObject({
  question: z.string().min(1).max(100_000).optional(),
  options: Options.omit({ tool_items: true }).strict().optional(),
  history: z.array(Message).max(200).optional(),
  summary: z.string().max(20_000).optional(),
  plan: Plan.optional(),
});

export const UpdateState = z.strictObject({
  values: Values,
  checkpoint: CheckpointName.nullish(),
  checkpoint_id: z.string().min(1).max(64).nullish(),
  /** The node that would have written this: it decides what runs next. */
  as_node: z.string().nullish(),
});

export async function updateState(exchange: Exchange): Promise<void> {
  const { values, as_node, ...where } = parsedBody(exchange, UpdateState);
  const thread = await findThread(exchange);
  const checkpoint_id = where.checkpoint_id ?? checkpointId(where.checkpoint);
  const { graph } = portOf(exchange);
  if (as_node && !graph.nodes.includes(as_node))
    throw new RequestError("invalid_value", "Invalid 'as_node': no such node.", { param: "as_node" });
  if (values.plan !== undefined) checkPlan(exchange, threadsOf(exchange), values.plan);
  if (values.options !== undefined) checkOptions(exchange, values.options);
  const { store } = exchange.services;
  const id = await onFreeThread(store, thread.id, exchange.signal, async () => {
    const from = await graph.state(thread.id, checkpoint_id);
    if (from === null && checkpoint_id !== undefined) throw noSuchCheckpoint();
    if (from === null && !as_node) throw whichNode();
    const at = { thread_id: thread.id, ...(checkpoint_id === undefined ? {} : { checkpoint_id }) };
    return graph.update(at, values, as_node ?? undefined).catch((error: unknown) => {
      throw error instanceof InvalidUpdateError ? whichNode() : error;
    });
  });
  const written = { thread_id: thread.key, checkpoint_ns: "", checkpoint_id: id };
  exchange.res.json({ checkpoint: { ...written, checkpoint_map: null }, configurable: written });
}

function whichNode(): RequestError {
  const message = "Missing required parameter: 'as_node'. Several nodes could have written this.";
  return new RequestError("missing_required_parameter", message, { param: "as_node" });
}
