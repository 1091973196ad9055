/** From the body of a run to a turn on its thread: a new question, a word on what waits, or just going on. */
import type { StateSnapshot } from "@langchain/langgraph";
import type { TurnInput } from "../../graphs/run.ts";
import type { Steering } from "../../graphs/steering.ts";
import type { State } from "../../nodes/channels.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { responseId, storedInput } from "../responses/item-ids.ts";
import { parseRequest, type ParsedRequest } from "../responses/parse-request.ts";
import type { PreparedTurn } from "../responses/prepare-turn.ts";
import { noSuchCheckpoint, type FoundThread } from "../threads/find-thread.ts";
import { requireAssistant } from "./assistant.ts";
import { checkOptions } from "./check-options.ts";
import { checkpointId } from "./checkpoint.ts";
import { portOf } from "./port-of.ts";
import { resumed } from "./resume.ts";
import type { RunRequest } from "./run-request.ts";
import { newRunId } from "./uuid.ts";

export interface PlannedRun {
  thread: FoundThread;
  turn: PreparedTurn;
  /** The same run as a response: that is how it is kept. */
  request: ParsedRequest;
  /** Longest time in milliseconds. */
  deadline_ms: number;
  /** Whether the run waits for its thread. */
  wait: boolean;
}

export interface RunPlace {
  thread: FoundThread;
  /** Whether the run leaves a thread behind. */
  kept: boolean;
  background: boolean;
}

export async function planRun(exchange: Exchange, body: RunRequest, place: RunPlace): Promise<PlannedRun> {
  const { services, caller } = exchange;
  requireAssistant(body.assistant_id);
  const { thread, kept, background } = place;
  const checkpoint_id = checkpointOf(body);
  const snapshot = await portOf(exchange).graph.state(thread.id, checkpoint_id);
  if (checkpoint_id !== undefined && snapshot === null) throw noSuchCheckpoint();
  const steering = { ...stops(exchange, body), ...(isProceeding(body) ? { proceed: true } : {}) };
  const input: TurnInput = {
    thread_id: thread.id,
    ...(checkpoint_id === undefined ? {} : { checkpoint_id }),
    ...begun(exchange, body, snapshot),
    steering,
  };
  const request = parseRequest(
    { input: input.question, store: kept, background, ...(body.metadata ? { metadata: body.metadata } : {}) },
    services.config.server.limits,
  );
  const run_id = newRunId(services.randomId());
  const { deadline_ms } = services.config.budgets;
  return {
    thread,
    request,
    deadline_ms: Math.min(deadline_ms, body.context?.deadline_ms ?? deadline_ms),
    wait: (body.multitask_strategy ?? waitsBy(services.config.server.busy_thread)) === "enqueue",
    turn: {
      run_id,
      response_id: responseId(run_id),
      owner: caller.subject,
      thread_id: thread.id,
      thread_key: thread.key,
      conversation_id: null,
      previous_response_id: null,
      shared: kept,
      goes_on: kept,
      store: kept,
      items: storedInput(request.input, run_id),
      input,
    },
  };
}

function waitsBy(busyThread: "queue" | "reject"): "enqueue" | "reject" {
  return busyThread === "queue" ? "enqueue" : "reject";
}

function checkpointOf({ checkpoint, checkpoint_id, config }: RunRequest): string | undefined {
  return checkpoint_id ?? checkpointId(checkpoint) ?? checkpointId(config?.configurable);
}

function isProceeding({ input, command }: RunRequest): boolean {
  return (command === undefined || command === null) && input === null;
}

function begun(
  exchange: Exchange,
  { input, command }: RunRequest,
  snapshot: StateSnapshot | null,
): Pick<TurnInput, "question" | "options" | "history" | "approvals"> {
  const state = (snapshot?.values ?? {}) as Partial<State>;
  const { question = "", options = {} } = state;
  if (command !== undefined && command !== null) {
    const word = resumed(snapshot, command.resume);
    return "reply" in word ? { question: word.reply, options } : { question, options, ...word };
  }
  if (input === undefined) throw missing();
  if (input === null) {
    if (snapshot === null || snapshot.next.length === 0) throw nothingLeft();
    return { question, options };
  }
  checkOptions(exchange, input.options ?? {});
  const { history } = input;
  return {
    question: input.question,
    options: input.options ?? {},
    ...(history === undefined ? {} : { history }),
  };
}

function stops(exchange: Exchange, { interrupt_before, interrupt_after }: RunRequest): Steering {
  const { nodes } = portOf(exchange).graph;
  const asked = { interrupt_before, interrupt_after };
  const steering: Steering = {};
  for (const name of ["interrupt_before", "interrupt_after"] as const) {
    const wanted = asked[name];
    if (wanted === undefined || wanted === null) continue;
    const unknown = wanted === "*" ? -1 : wanted.findIndex((node) => !nodes.includes(node));
    const param = `${name}[${unknown}]`;
    if (unknown !== -1)
      throw new RequestError("invalid_value", `Invalid '${param}': no such node.`, { param });
    steering[name] = wanted;
  }
  return steering;
}

function missing(): RequestError {
  const message = "Missing required parameter: 'input'. Null goes on from where the thread stands.";
  return new RequestError("missing_required_parameter", message, { param: "input" });
}

function nothingLeft(): RequestError {
  const message = "Invalid 'input': nothing is left to run here, so that it needs a question.";
  return new RequestError("invalid_value", message, { param: "input" });
}
