/** The plan of tier 0: the backends are given, what remains is what to ask each of them. */
import type { LocalPlan } from "./local/planner.ts";
import type { Step } from "./plan.ts";
import type { RuleMatch } from "./rules.ts";

/** `within` is the local plan over the named backends alone; those that it left out get the whole question. */
export function rulePlan(match: RuleMatch, within: LocalPlan): Step[] {
  const planned = within.kind === "plan" ? within.steps : [];
  if (match.backends.length === 1 && new Set(planned.map((step) => step.backend)).size < 2) {
    const [only] = planned;
    const question = only !== undefined && planned.length === 1 ? only.question : match.question;
    return [ruleStep(match, match.backends[0]!, question, 1)];
  }
  const missing = match.backends.filter((name) => !planned.some((step) => step.backend === name));
  const steps = planned.map((step) => ({ ...step, why: match.reason, confidence: 1 }));
  return [
    ...steps,
    ...missing.map((name, i) => ruleStep(match, name, match.question, planned.length + i + 1)),
  ];
}

function ruleStep(match: RuleMatch, backend: string, question: string, number: number): Step {
  return {
    id: `s${number}`,
    backend,
    question: question.slice(0, 4_000),
    depends_on: [],
    context_from: [],
    extract: [],
    optional: false,
    why: match.reason,
    confidence: 1,
    rejected: [],
  };
}
