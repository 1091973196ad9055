/** Plans that an arm runs instead of the router's: everybody, or the labelled backends in the labelled order. */
import { Plan } from "../../routing/plan.ts";
import type { Case } from "../case.ts";

export function fanOutPlan(question: Case, backends: readonly string[]): Plan {
  return planOf(question, backends, []);
}

/** Each labelled backend gets the whole question. */
export function oraclePlan(question: Case): Plan {
  const { kind, backends, edges } = question.expect;
  return kind === "plan" ? planOf(question, inOrder(backends, edges), edges) : planOf(question, [], []);
}

function planOf(
  { input = "" }: Pick<Case, "input">,
  backends: readonly string[],
  edges: readonly (readonly [string, string])[],
): Plan {
  const id = (backend: string) => `s${backends.indexOf(backend) + 1}`;
  const steps = backends.map((backend) => {
    const needs = edges.filter(([, to]) => to === backend).map(([from]) => id(from));
    return { id: id(backend), backend, question: input, depends_on: needs };
  });
  const decision = { tier: "given" as const };
  if (steps.length > 0) return Plan.parse({ kind: "plan", steps, decision });
  return Plan.parse({ kind: "refuse", refuse: { reason: "No backend answers this." }, decision });
}

/** Each backend after those that it needs; edges of a case have no cycle. */
function inOrder(backends: readonly string[], edges: readonly (readonly [string, string])[]): string[] {
  const depth = (backend: string): number =>
    Math.max(0, ...edges.filter(([, to]) => to === backend).map(([from]) => depth(from) + 1));
  return backends.toSorted((a, b) => depth(a) - depth(b));
}
