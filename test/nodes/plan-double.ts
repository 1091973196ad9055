/** Short ways to literal plans and findings. */
import { Plan, Step } from "../../routing/plan.ts";
import { emptyFinding } from "../../nodes/skipped-finding.ts";
import type { Finding } from "../../nodes/state.ts";

export function planOf(...steps: (Pick<Step, "id" | "backend" | "question"> & Partial<Step>)[]): Plan {
  return Plan.parse({ kind: "plan", steps, decision: { tier: "local" } });
}

export function stepOf(step: Pick<Step, "id" | "backend" | "question"> & Partial<Step>): Step {
  return Step.parse(step);
}

export function findingOf(finding: Pick<Finding, "step" | "backend"> & Partial<Finding>): Finding {
  const base = emptyFinding({ id: finding.step, backend: finding.backend, question: "?" }, 0);
  return { ...base, status: "ok", ...finding };
}
