/** The hub: starts every step whose dependencies are met, skips what can no longer be formed, ends when nothing is left. */
import { Send } from "@langchain/langgraph";
import type { Step } from "../routing/plan.ts";
import { substitute, type Filled } from "../routing/substitute.ts";
import type { State, StepInput, Update } from "./channels.ts";
import type { RunContext } from "./run-context.ts";
import { skippedFinding } from "./skipped-finding.ts";
import type { Finding } from "./state.ts";

type Read = Pick<State, "plan" | "findings">;

/** Writes a skipped finding for each step that lost its input; `afterDispatch` then starts the rest. */
export function dispatch(clock: () => number) {
  return async (state: Read, run: RunContext): Promise<Update> => {
    const findings = [...state.findings];
    const skipped: Finding[] = [];
    for (
      let found = nextBlocked(state, findings, clock);
      found !== null;
      found = nextBlocked(state, findings, clock)
    ) {
      findings.push(found);
      skipped.push(found);
      run.emit({ type: "step_finished", finding: found });
    }
    return skipped.length > 0 ? { findings: skipped } : {};
  };
}

/** Where to go next: one `Send` per ready step, or the label of the way out. */
export function afterDispatch(acceptsContext: (backend: string) => boolean) {
  return (state: Pick<State, "plan" | "findings" | "conversations">): Send[] | "nothing left" => {
    const sends = readySteps(state, state.findings).map(
      (step) => new Send(step.backend, stepInput(step, state, acceptsContext(step.backend))),
    );
    return sends.length > 0 ? sends : "nothing left";
  };
}

/** Steps without a finding whose dependencies all have one. */
export function readySteps(state: Pick<State, "plan">, findings: Finding[]): Step[] {
  const done = new Set(findings.map((finding) => finding.step));
  const steps = state.plan?.steps ?? [];
  return steps.filter((step) => !done.has(step.id) && step.depends_on.every((id) => done.has(id)));
}

function nextBlocked(state: Read, findings: Finding[], clock: () => number): Finding | null {
  for (const step of readySteps(state, findings)) {
    const missing = fill(step, findings).empty[0];
    if (missing !== undefined) return skippedFinding(step, missing, findings, clock());
  }
  return null;
}

/** `{{s1.answer}}` is a step's text, `{{s1.name}}` one of its extracts. */
function fill(step: Step, findings: Finding[]): Filled {
  const values: Record<string, Record<string, string | number | string[]>> = {};
  for (const finding of findings) {
    if (finding.status === "ok") values[finding.step] = { answer: finding.text, ...finding.extracts };
  }
  return substitute(step.question, values);
}

function stepInput(
  step: Step,
  state: Pick<State, "findings" | "conversations">,
  acceptsContext: boolean,
): StepInput {
  const sources = acceptsContext ? state.findings.filter((f) => step.context_from.includes(f.step)) : [];
  return {
    step: step.id,
    question: fill(step, state.findings).text,
    extract: step.extract,
    conversation_id: state.conversations[step.backend] ?? null,
    context: sources
      .filter((finding) => finding.status === "ok")
      .map(({ step, backend, question, text, evidence }) => ({
        step,
        backend,
        question,
        text,
        evidence: evidence.map((reference) => reference.hash),
      })),
  };
}
