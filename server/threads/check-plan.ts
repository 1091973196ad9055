/** A plan from outside must be one that the graph can run. */
import type { Threads } from "../../graphs/threads.ts";
import type { Plan } from "../../routing/plan.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";

export function checkPlan({ services }: Exchange, threads: Threads, plan: Plan): void {
  const unknown = plan.steps.find((step) => !services.orchestrator.backends.has(step.backend));
  const problem =
    unknown === undefined ? threads.problems(plan)[0] : `There is no backend '${unknown.backend}'.`;
  if (problem === undefined) return;
  throw new RequestError("invalid_value", `The plan cannot be run: ${problem}`, { param: "plan" });
}
