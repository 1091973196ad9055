/** Which findings of an earlier run answer the steps of another plan without asking again. Pure. */
import { fillQuestion } from "../nodes/step-input.ts";
import type { Finding } from "../nodes/state.ts";
import { Plan, type Step } from "../routing/plan.ts";

/**
 * A finding is unchanged when the same backend was put the same question, references filled in, with the same results
 * of earlier steps beside it. It comes back under the new step's id.
 */
export function reusable(plan: Plan, earlier: readonly Finding[], earlierPlan: Plan | null): Finding[] {
  const reused: Finding[] = [];
  const stepOf = new Map<string, string>();
  for (const step of plan.steps) {
    if (!step.depends_on.every((id) => stepOf.has(id))) continue;
    const { text: question, empty } = fillQuestion(step, reused);
    if (empty.length > 0) continue;
    const found = earlier.find(
      (finding) =>
        finding.status === "ok" &&
        finding.backend === step.backend &&
        finding.question === question &&
        sameContext(
          step,
          earlierPlan?.steps.find(({ id }) => id === finding.step),
          stepOf,
        ),
    );
    if (found === undefined || !extractsCover(step, found)) continue;
    stepOf.set(step.id, found.step);
    reused.push(renamed(found, step.id));
  }
  return reused;
}

/** A plan that sends the question to these backends; what the earlier plan asked of them on its own stays as it was. */
export function routeTo(backends: readonly string[], question: string, earlier: Plan | null): Plan {
  const steps = backends.map((backend, index) => {
    const known = earlier?.steps.find((step) => step.backend === backend && step.depends_on.length === 0);
    return {
      backend,
      id: `s${index + 1}`,
      question: known?.question ?? question,
      extract: known?.extract ?? [],
    };
  });
  return Plan.parse({
    kind: "plan",
    steps: steps.map((step) => ({ ...step, why: "The caller named this backend." })),
    decision: { tier: "given", reason: "The caller named the route." },
  });
}

function sameContext(step: Step, earlier: Step | undefined, stepOf: Map<string, string>): boolean {
  const wanted = new Set(step.context_from.map((id) => stepOf.get(id)));
  const had = new Set<string | undefined>(earlier?.context_from ?? []);
  return wanted.size === had.size && [...wanted].every((id) => had.has(id));
}

function extractsCover(step: Step, finding: Finding): boolean {
  return step.extract.every(({ name }) => name in finding.extracts);
}

function renamed(finding: Finding, step: string): Finding {
  const evidence = finding.evidence.map((reference) => ({
    ...reference,
    id: reference.id.replace(/^[^.]+/, step),
  }));
  return { ...finding, step, evidence, cached: true };
}
