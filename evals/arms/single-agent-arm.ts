/** The arm of one tool-calling agent over the same backends, within the same budget: `graphs/single-agent.ts`. */
import type { Backend } from "../../backends/backend.ts";
import type { ChatModel } from "../../backends/chat-model.ts";
import { BackendError } from "../../backends/errors.ts";
import { buildSingleAgent } from "../../graphs/single-agent.ts";
import type { Arm } from "./arm.ts";
import { CALLER, openOutside, outcomeOf, usedBy, type Outside, type Told, type Used } from "./model-arm.ts";
import type { ModelChoice } from "./model-choice.ts";

export function singleAgentArm(choice: ModelChoice): Arm {
  return {
    name: "single-agent",
    what: "the large model calls the backends as tools until it is done",
    start: async (ground) => {
      const outside = openOutside(choice, ground);
      return {
        ask: ({ id, input = "" }) => outcomeOf(id, () => turn(input, outside, ground.timeout_ms)),
        close: () => outside.backends.close(),
      };
    },
  };
}

async function turn(
  question: string,
  { config, backends, model, price }: Outside,
  timeout_ms: number,
): Promise<Told> {
  const calls: object[] = [];
  const usage: Used[] = [];
  const { max_steps } = config.budgets;
  const run = {
    run_id: "evaluation",
    thread_id: "evaluation",
    caller: CALLER,
    signal: AbortSignal.timeout(timeout_ms),
    deadline: Date.now() + Math.min(timeout_ms, config.budgets.deadline_ms),
    emit: () => undefined,
    evidence: { put: async () => "", get: async () => null },
    pending: { get: async () => null, put: async () => undefined },
  };
  const graph = buildSingleAgent({
    model: counted(model, max_steps, (used) => usage.push(used), price),
    backends: [...backends.backends.values()].map((backend) => watched(backend, max_steps, calls)),
    clock: Date.now,
    runOf: () => run,
  });
  const state = await graph.invoke({ question }, { recursionLimit: 4 * max_steps + 4 });
  return { text: state.answer, calls, usage };
}

/** After as many turns as a plan may have steps, the model has to answer from what it knows. */
function counted(
  model: ChatModel,
  most: number,
  onUse: (used: Used) => void,
  price: Outside["price"],
): ChatModel {
  let turns = 0;
  return {
    ...model,
    name: model.name,
    complete: async (request, call) => {
      turns += 1;
      const { tools, tool_choice, ...rest } = request;
      const within = turns <= most ? { tools, tool_choice } : {};
      const result = await model.complete({ ...rest, ...within }, call);
      onUse(usedBy("agent", result, price));
      return turns <= most
        ? result
        : { ...result, tool_calls: [], text: result.text || "No answer within the budget." };
    },
  };
}

/** Every call is kept; one beyond the budget is refused. */
function watched(backend: Backend, most: number, calls: object[]): Backend {
  return {
    ...backend,
    ask: async (request, call) => {
      if (calls.length >= most)
        throw new BackendError("busy", "The budget for calls is used up.", { backend: backend.name });
      const kept = {
        step: `s${calls.length + 1}`,
        id: `s${calls.length + 1}`,
        backend: backend.name,
        status: "failed",
        attempts: 1,
        started_at: Date.now(),
      };
      calls.push(kept);
      const answer = await backend.ask(request, call);
      Object.assign(kept, {
        status: answer.clarification === undefined ? "ok" : "clarify",
        text: answer.text,
        attempts: answer.attempts,
      });
      return answer;
    },
  };
}
