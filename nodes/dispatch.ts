/** The hub: starts every step whose dependencies are met, skips what can no longer be formed, ends when nothing is left. */
import { Send } from "@langchain/langgraph";
import type { Plan, Step } from "../routing/plan.ts";
import { approvalPayload, approvalReason, payloadHash, type ApprovalRules } from "./approval-rules.ts";
import { spentIn, tooDear, withCall, type Budget, type Spent } from "./budget.ts";
import type { State, StepInput, Update } from "./channels.ts";
import { nothingFound } from "./gaps.ts";
import { replanned } from "./replan.ts";
import type { RunContext } from "./run-context.ts";
import { refusedFinding, skippedFinding, unpaidFinding } from "./skipped-finding.ts";
import type { Finding } from "./state.ts";
import { fillQuestion, stepInput } from "./step-input.ts";

type Read = Pick<State, "plan" | "findings" | "approvals" | "conversations">;
type ReadAll = Read & Pick<State, "usage" | "replans" | "options">;

export interface DispatchDeps {
  clock: () => number;
  acceptsContext(backend: string): boolean;
  rules: ApprovalRules;
  /** Plans that may be made after the first, each on a failure seen. */
  max_replans: number;
  /** Without it there is no limit. */
  budget?: Budget;
}

/** Replans where a step failed, writes a finding for each step that cannot start; `afterDispatch` starts the rest. */
export function dispatch(deps: DispatchDeps) {
  return async (before: ReadAll, run: RunContext): Promise<Update> => {
    const plan = newPlan(before, deps);
    const state = plan === null ? before : { ...before, plan };
    if (plan !== null) run.emit({ type: "plan", plan });
    const skipped: Finding[] = [];
    const next = () => nextBlocked(state, skipped, deps) ?? nextTooDear(state, skipped, deps, run);
    for (let found = next(); found !== null; found = next()) {
      skipped.push(found);
      run.emit({ type: "step_finished", finding: found });
    }
    const update: Update = plan === null ? {} : { plan, replans: before.replans + 1 };
    return skipped.length > 0 ? { ...update, findings: skipped } : update;
  };
}

/** A plan that the client gave is run as it stands. */
function newPlan({ plan, findings, replans, options }: ReadAll, deps: DispatchDeps): Plan | null {
  if (plan === null || replans >= deps.max_replans || plan.decision.tier === "given") return null;
  const names = deps.rules.backends.map(({ name }) => name);
  return replanned(
    plan,
    findings,
    names.filter((name) => options.backends?.includes(name) ?? true),
  );
}

/** Where to go next: one `Send` per step that may start, or the label of another way. */
export function afterDispatch(deps: DispatchDeps) {
  return (
    state: Read & Pick<State, "usage">,
  ): Send[] | "needs approval" | "nothing left" | "nothing found" => {
    const waiting = stepsToApprove(state, deps.rules);
    // A client may have written the state behind `dispatch`, which then made no finding of what is refused.
    const go = readySteps(state, state.findings).filter(
      (step) => !waiting.includes(step) && refusalOf(step, state, deps) === null,
    );
    if (go.length > 0) return sent(go, state, deps);
    if (waiting.length > 0) return "needs approval";
    return nothingFound(state.findings) ? "nothing found" : "nothing left";
  };
}

/** Each step learns what is spent before it: it is the step itself that looks last whether the budget covers it. */
function sent(steps: Step[], state: Read & Pick<State, "usage">, deps: DispatchDeps): Send[] {
  let spent: Spent = spentIn(state.usage);
  return steps.map((step) => {
    const send = new Send(step.backend, { ...inputOf(step, state, deps), spent });
    if (deps.budget !== undefined) spent = withCall(spent, step.backend, deps.budget);
    return send;
  });
}

/** Ready steps that wait for a person's word. */
export function stepsToApprove(state: Read, rules: ApprovalRules): Step[] {
  const undecided = readySteps(state, state.findings).filter(
    (step) => state.approvals[step.id] === undefined,
  );
  return undecided.filter((step) => approvalReason(rules, step, state.plan) !== null);
}

/** Steps without a finding whose dependencies all have one. */
export function readySteps(state: Pick<State, "plan">, findings: Finding[]): Step[] {
  const done = new Set(findings.map((finding) => finding.step));
  const steps = state.plan?.steps ?? [];
  return steps.filter((step) => !done.has(step.id) && step.depends_on.every((id) => done.has(id)));
}

export function inputOf(step: Step, state: Read, deps: Pick<DispatchDeps, "acceptsContext">): StepInput {
  return stepInput(step, state, deps.acceptsContext(step.backend));
}

function nextBlocked(state: Read, skipped: Finding[], deps: DispatchDeps): Finding | null {
  const findings = [...state.findings, ...skipped];
  for (const step of readySteps(state, findings)) {
    const missing = fillQuestion(step, findings).empty[0];
    if (missing !== undefined) return skippedFinding(step, missing, findings, deps.clock());
    const refusal = refusalOf(step, { ...state, findings }, deps);
    if (refusal !== null) return refusedFinding(step, refusal, deps.clock());
  }
  return null;
}

/** Steps are paid for in the order of the plan: the first that the budget does not cover stays unasked. */
function nextTooDear(
  state: ReadAll,
  skipped: Finding[],
  { budget, clock }: DispatchDeps,
  { left_usd }: RunContext,
): Finding | null {
  if (budget === undefined) return null;
  let spent = spentIn(state.usage);
  for (const step of readySteps(state, [...state.findings, ...skipped])) {
    const reason = tooDear({ budget, left_usd }, spent, step.backend);
    if (reason !== null) return unpaidFinding(step, reason, clock());
    spent = withCall(spent, step.backend, budget);
  }
  return null;
}

/** An approval counts for exactly what was shown: anything else that would be sent is refused. */
function refusalOf(step: Step, state: Read, deps: DispatchDeps): string | null {
  const approval = state.approvals[step.id];
  if (approval === undefined) return null;
  if (!approval.approved) return approval.reason ?? "A person refused the call.";
  const hash = payloadHash(approvalPayload(step.backend, inputOf(step, state, deps)));
  return hash === approval.hash ? null : "What would be sent is no longer what was approved.";
}
