/** Ways to answer the same questions with the same backends, each as the plan that it runs; none needs a model. */
import { Plan } from "../../routing/plan.ts";
import type { Case } from "../case.ts";

export interface Arm {
  name: "graph" | "fan-out" | "oracle";
  /** One sentence for the report. */
  what: string;
  /** Null leaves the decision to the router. */
  plan(question: Case, backends: readonly string[]): Plan | null;
}

export const ARMS: readonly Arm[] = [
  { name: "graph", what: "our graph, routed locally", plan: () => null },
  {
    name: "fan-out",
    what: "every backend gets the whole question",
    plan: (question, backends) => planOf(question, backends, []),
  },
  {
    name: "oracle",
    what: "the labelled backends in the labelled order, each with the whole question",
    plan: ({ expect, ...question }, backends) =>
      expect.kind === "plan"
        ? planOf(question, inOrder(expect.backends, expect.edges), expect.edges)
        : planOf(question, backends.slice(0, 0), []),
  },
];

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
