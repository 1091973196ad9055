/** The plan for an input without running it: the same router, in the light of the same thread. */
import type { State } from "../nodes/channels.ts";
import type { Plan } from "../routing/plan.ts";
import type { Router } from "../routing/router.ts";
import type { OrchestratorGraph } from "./orchestrator.ts";
import type { TurnContext, TurnInput } from "./run.ts";

export function planner(deps: { graph: OrchestratorGraph; router: Router; backends: string[] }) {
  return async (input: TurnInput, context: TurnContext): Promise<Plan> => {
    const { thread_id, checkpoint_id, question, options } = input;
    const snapshot = await deps.graph.getState({
      configurable: { thread_id, ...(checkpoint_id ? { checkpoint_id } : {}) },
    });
    const state = snapshot.values as Partial<State>;
    return deps.router.route(
      {
        question,
        history: input.history ?? state.history ?? [],
        summary: state.summary ?? "",
        previous: state.previous ?? null,
        allowed: deps.backends.filter((name) => options.backends?.includes(name) ?? true),
        instructions: options.instructions,
      },
      { signal: context.signal, deadline: context.deadline, onUsage: () => {} },
    );
  };
}
