/** Which steps a person must approve first, and what exactly would be sent. Pure. */
import { createHash } from "node:crypto";
import type { BackendConfig } from "../config/schema.ts";
import type { Plan, Step } from "../routing/plan.ts";
import type { StepInput } from "./channels.ts";

export interface ApprovalRules {
  backends: BackendConfig[];
  /** Estimated dollars of the whole plan above which its steps need approval; null switches the rule off. */
  over_usd: number | null;
  /** Confidence below which a step needs approval; 0 switches the rule off. */
  below_confidence: number;
}

/** One sentence when the step needs a person's word, else null. */
export function approvalReason(rules: ApprovalRules, step: Step, plan: Plan | null): string | null {
  const backend = rules.backends.find((candidate) => candidate.name === step.backend);
  if (backend === undefined) return null;
  if (backend.approval === "always") return `${backend.name} is asked only with approval.`;
  if (backend.approval === "writes" && backend.writes) return `${backend.name} changes things.`;
  const cost = costOf(rules, plan?.steps ?? [step]);
  if (rules.over_usd !== null && costOf(rules, [step]) > 0 && cost > rules.over_usd) {
    return `The plan costs ${cost} USD, above the limit of ${rules.over_usd} USD.`;
  }
  if (step.confidence < rules.below_confidence) return `The plan is not sure that ${backend.name} is right.`;
  return null;
}

/** Dollars of one call per step, where they are known. */
function costOf(rules: ApprovalRules, steps: Step[]): number {
  const price = (name: string) =>
    rules.backends.find((backend) => backend.name === name)?.cost_per_call_usd ?? 0;
  return steps.reduce((sum, step) => sum + price(step.backend), 0);
}

/** What the approval counts for: backend, question and everything that goes along. */
export interface ApprovalPayload {
  backend: string;
  question: string;
  conversation_id: string | null;
  context: StepInput["context"];
}

export function approvalPayload(backend: string, input: StepInput): ApprovalPayload {
  return {
    backend,
    question: input.question,
    conversation_id: input.conversation_id,
    context: input.context,
  };
}

/** SHA-256 (hex) of the payload: a changed argument has another hash, and the approval no longer counts. */
export function payloadHash(payload: ApprovalPayload): string {
  return createHash("sha256").update(JSON.stringify(payload)).digest("hex");
}
