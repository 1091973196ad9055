/** One more try elsewhere: a step that failed gets the backend that came next in the decision, when there is one. Pure. */
import type { Plan, Step } from "../routing/plan.ts";
import type { Finding } from "./state.ts";

/** Faults of the backend itself. What the caller may not, or a person refused, another backend does not heal. */
const HEALABLE: ReadonlySet<string> = new Set([
  "timeout", "rate_limited", "unavailable", "connect_failed", "interrupted", "server_error", "malformed",
  "not_found", "stopped", "failed", "expired", "busy",
]); // prettier-ignore

/** Below this probability another backend does not count as covering the question. */
const COVERS = 0.2;

/** The plan with a step beside the failed one, and everything that built on the old step on the new one; null: no way. */
export function replanned(plan: Plan, findings: Finding[], allowed: readonly string[]): Plan | null {
  for (const finding of findings) {
    const step = plan.steps.find(({ id }) => id === finding.step);
    if (step === undefined || step.optional || !HEALABLE.has(finding.error?.code ?? "")) continue;
    const next = successor(plan, step, allowed);
    if (next !== null) return withReplacement(plan, step, next);
  }
  return null;
}

function successor(plan: Plan, step: Step, allowed: readonly string[]): string | null {
  const asked = plan.steps.filter(({ question }) => question === step.question).map(({ backend }) => backend);
  const covering = step.rejected.filter(
    ({ backend, probability }) =>
      (probability ?? 0) >= COVERS && allowed.includes(backend) && !asked.includes(backend),
  );
  return covering.toSorted((a, b) => (b.probability ?? 0) - (a.probability ?? 0))[0]?.backend ?? null;
}

function withReplacement(plan: Plan, failed: Step, backend: string): Plan {
  const id = `s${Math.max(...plan.steps.map((step) => Number(step.id.slice(1)))) + 1}`;
  const why = `${failed.backend} failed; ${backend} comes next for this question.`;
  const moved = (ids: string[]) => ids.map((old) => (old === failed.id ? id : old));
  const steps = plan.steps.map((step) => ({
    ...step,
    question: step.question.replaceAll(`{{${failed.id}.`, `{{${id}.`),
    depends_on: moved(step.depends_on),
    context_from: moved(step.context_from),
  }));
  return { ...plan, steps: [...steps, { ...failed, id, backend, why, rejected: [] }] };
}
