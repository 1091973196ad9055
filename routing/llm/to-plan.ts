/** A model's reply as a plan: defaults filled in, what is not ours to believe left out. */
import type { Knowledge } from "../knowledge.ts";
import { STEP_ID, type Decision, type Extract, type Plan, type Rejected, type Step } from "../plan.ts";
import { referencesOf } from "../substitute.ts";
import type { Reply } from "./reply.ts";

export function toPlan(reply: Reply, knowledge: Knowledge, decision: Decision): Plan {
  const { kind } = reply;
  return {
    kind,
    steps: kind === "plan" ? reply.steps.map((step) => toStep(step, knowledge, decision)) : [],
    clarify: kind === "clarify" ? clarification(reply) : null,
    refuse: kind === "refuse" && reply.refuse_reason !== "" ? { reason: reply.refuse_reason } : null,
    confidence: reply.confidence,
    decision: { ...decision, reason: reasonOf(reply) },
  };
}

function clarification(reply: Reply): Plan["clarify"] {
  if (reply.clarify_question === "") return null;
  return { question: reply.clarify_question, options: reply.clarify_options.slice(0, 6), missing: "" };
}

function toStep(step: Reply["steps"][number], knowledge: Knowledge, decision: Decision): Step {
  // A reference without its dependency is a slip that needs no second call.
  const referred = referencesOf(step.question).map(({ step: id }) => id);
  const depends = [...new Set([...step.depends_on, ...referred])].filter((id) => id !== step.id);
  const takesContext = knowledge.card(step.backend)?.config.accepts_context ?? false;
  return {
    id: step.id,
    backend: step.backend,
    question: step.question,
    depends_on: depends,
    context_from: takesContext ? depends : [],
    extract: step.extract.slice(0, 5).map(toExtract),
    optional: step.optional,
    why: step.why.slice(0, 500),
    confidence: step.confidence,
    rejected: rejectedOf(step, knowledge, decision),
  };
}

function toExtract({ name, type, column, limit }: Reply["steps"][number]["extract"][number]): Extract {
  const bounded = Math.min(200, Math.max(1, Math.round(Number.isFinite(limit) ? limit : 10)));
  return { name, type, limit: bounded, ...(column === "" ? {} : { column }) };
}

/** Every backend not taken, with the model's reason where it gave one, and the classifier's probability. */
function rejectedOf(step: Reply["steps"][number], knowledge: Knowledge, decision: Decision): Rejected[] {
  return knowledge.cards
    .filter(({ name }) => name !== step.backend && decision.probabilities[name] !== undefined)
    .map(({ name }) => ({
      backend: name,
      probability: decision.probabilities[name] ?? null,
      reason: step.rejected.find((one) => one.backend === name)?.reason ?? "The model did not consider it.",
    }));
}

function reasonOf(reply: Reply): string {
  if (reply.kind === "plan") return reply.steps.map((step) => step.why).join(" ");
  return reply.refuse_reason || reply.clarify_question || "The model needs no backend.";
}

/** Problems of form that the plan's own schema would refuse. */
export function formProblems(plan: Plan): string[] {
  return plan.steps.flatMap((step) => [
    ...(STEP_ID.test(step.id) ? [] : [`The id "${step.id}" must look like s1.`]),
    ...step.extract
      .filter(({ name }) => !/^[a-z][a-z0-9_]{0,30}$/.test(name))
      .map(({ name }) => `The extract name "${name}" must be lower case letters, digits and underscores.`),
  ]);
}
