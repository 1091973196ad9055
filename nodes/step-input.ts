/** What a step would be asked right now: references filled in, results of earlier steps by reference. Pure. */
import type { Step } from "../routing/plan.ts";
import { substitute, type Filled } from "../routing/substitute.ts";
import type { State, StepInput } from "./channels.ts";
import type { Finding } from "./state.ts";

/** `{{s1.answer}}` is a step's text, `{{s1.name}}` one of its extracts. */
export function fillQuestion(step: Step, findings: Finding[]): Filled {
  const values: Record<string, Record<string, string | number | string[]>> = {};
  for (const finding of findings) {
    if (finding.status === "ok") values[finding.step] = { answer: finding.text, ...finding.extracts };
  }
  return substitute(step.question, values);
}

export function stepInput(
  step: Step,
  state: Pick<State, "findings" | "conversations">,
  acceptsContext: boolean,
): StepInput {
  const sources = acceptsContext ? state.findings.filter((f) => step.context_from.includes(f.step)) : [];
  return {
    step: step.id,
    question: fillQuestion(step, state.findings).text,
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
