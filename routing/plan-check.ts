/** What makes a plan one that may run: bounds, known and allowed backends, sound references (evals.md section 6.1). */
import type { Plan, Step } from "./plan.ts";
import { referencesOf } from "./substitute.ts";

export type PlanProblemCode =
  | "no_steps"
  | "too_many_steps"
  | "too_deep"
  | "duplicate_id"
  | "unknown_backend"
  | "forbidden_backend"
  | "unknown_dependency"
  | "cycle"
  | "unknown_reference"
  | "reference_without_dependency"
  | "context_without_dependency"
  | "duplicate_extract"
  | "duplicate_question"
  | "missing_clarification"
  | "missing_reason";

export interface PlanProblem {
  code: PlanProblemCode;
  /** The step at fault; null for the plan as a whole. */
  step: string | null;
  /** One sentence that a model or a person can act on. */
  message: string;
}

export interface PlanLimits {
  max_steps: number;
  max_depth: number;
  /** Backends that exist and are switched on. */
  backends: readonly string[];
  /** Those of them that this caller may use. */
  allowed: readonly string[];
}

/** Every problem of the plan; empty when it may run. */
export function checkPlan(plan: Plan, limits: PlanLimits): PlanProblem[] {
  if (plan.kind === "clarify" && plan.clarify === null)
    return [problem("missing_clarification", null, "A `clarify` plan needs `clarify` with a question.")];
  if (plan.kind === "refuse" && plan.refuse === null)
    return [problem("missing_reason", null, "A `refuse` plan needs `refuse` with a reason.")];
  if (plan.kind !== "plan") return [];
  return [
    ...checkSize(plan.steps, limits),
    ...plan.steps.flatMap((step) => checkStep(step, plan.steps, limits)),
    ...checkRepeats(plan.steps),
    ...checkOrder(plan.steps, limits.max_depth),
  ];
}

function problem(code: PlanProblemCode, step: string | null, message: string): PlanProblem {
  return { code, step, message };
}

function checkSize(steps: readonly Step[], limits: PlanLimits): PlanProblem[] {
  if (steps.length === 0) return [problem("no_steps", null, "A plan needs at least one step.")];
  if (steps.length <= limits.max_steps) return [];
  const message = `The plan has ${steps.length} steps; at most ${limits.max_steps} are allowed.`;
  return [problem("too_many_steps", null, message)];
}

function checkStep(step: Step, steps: readonly Step[], limits: PlanLimits): PlanProblem[] {
  const { id } = step;
  const found: PlanProblem[] = [];
  if (!limits.backends.includes(step.backend))
    found.push(problem("unknown_backend", id, `There is no backend "${step.backend}".`));
  else if (!limits.allowed.includes(step.backend))
    found.push(problem("forbidden_backend", id, `The backend "${step.backend}" may not be used here.`));
  for (const other of step.depends_on)
    if (!steps.some((candidate) => candidate.id === other))
      found.push(problem("unknown_dependency", id, `${id} depends on ${other}, which does not exist.`));
  for (const other of step.context_from)
    if (!step.depends_on.includes(other))
      found.push(
        problem(
          "context_without_dependency",
          id,
          `${id} takes context from ${other} without depending on it.`,
        ),
      );
  const names = step.extract.map((extract) => extract.name);
  if (new Set(names).size < names.length || names.includes("answer"))
    found.push(
      problem("duplicate_extract", id, `Names in \`extract\` of ${id} must differ, and not be "answer".`),
    );
  return [...found, ...checkReferences(step, steps)];
}

function checkReferences(step: Step, steps: readonly Step[]): PlanProblem[] {
  return referencesOf(step.question).flatMap(({ step: source, name }) => {
    if (!step.depends_on.includes(source)) {
      const message = `${step.id} refers to {{${source}.${name}}} without depending on ${source}.`;
      return [problem("reference_without_dependency", step.id, message)];
    }
    const known = steps.find((candidate) => candidate.id === source)?.extract ?? [];
    if (name === "answer" || known.some((extract) => extract.name === name)) return [];
    return [
      problem("unknown_reference", step.id, `${source} extracts no "${name}", which ${step.id} refers to.`),
    ];
  });
}

function checkRepeats(steps: readonly Step[]): PlanProblem[] {
  const found: PlanProblem[] = [];
  const ids = new Set<string>();
  const asked = new Set<string>();
  for (const step of steps) {
    if (ids.has(step.id)) found.push(problem("duplicate_id", step.id, `The id ${step.id} is used twice.`));
    ids.add(step.id);
    const key = JSON.stringify([step.backend, step.question.trim().toLowerCase()]);
    if (asked.has(key))
      found.push(
        problem("duplicate_question", step.id, `${step.id} asks ${step.backend} the same question again.`),
      );
    asked.add(key);
  }
  return found;
}

function checkOrder(steps: readonly Step[], maxDepth: number): PlanProblem[] {
  const depth = planDepth(steps);
  if (depth === null) return [problem("cycle", null, "The steps depend on each other in a circle.")];
  if (depth <= maxDepth) return [];
  return [problem("too_deep", null, `The plan is ${depth} steps deep; at most ${maxDepth} are allowed.`)];
}

/** Length of the longest chain of dependencies; null when they run in a circle. Unknown ids are left out. */
export function planDepth(steps: readonly Pick<Step, "id" | "depends_on">[]): number | null {
  const depths = new Map<string, number>();
  let pending = [...steps];
  while (pending.length > 0) {
    const waiting = new Set(pending.map((step) => step.id));
    const ready = pending.filter((step) => !step.depends_on.some((id) => waiting.has(id)));
    if (ready.length === 0) return null;
    for (const step of ready)
      depths.set(step.id, 1 + Math.max(0, ...step.depends_on.map((id) => depths.get(id) ?? 0)));
    pending = pending.filter((step) => !ready.includes(step));
  }
  return Math.max(0, ...depths.values());
}
