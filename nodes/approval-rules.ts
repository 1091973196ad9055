/** Which steps a person must approve first, and what exactly would be sent. Pure. */
import { createHash } from "node:crypto";
import type { BackendConfig } from "../config/schema.ts";
import type { Step } from "../routing/plan.ts";
import type { StepInput } from "./channels.ts";

export interface ApprovalRules {
  backends: BackendConfig[];
  /** Estimated dollars from which a step needs approval; null switches the rule off. */
  over_usd: number | null;
  /** Confidence below which a step needs approval; 0 switches the rule off. */
  below_confidence: number;
}

/** One sentence when the step needs a person's word, else null. */
export function approvalReason(rules: ApprovalRules, step: Step): string | null {
  const backend = rules.backends.find((candidate) => candidate.name === step.backend);
  if (backend === undefined) return null;
  if (backend.approval === "always") return `${backend.name} is asked only with approval.`;
  if (backend.approval === "writes" && backend.writes) return `${backend.name} changes things.`;
  const cost = backend.cost_per_call_usd;
  if (rules.over_usd !== null && cost !== undefined && cost > rules.over_usd) {
    return `One call of ${backend.name} costs ${cost} USD, above the limit of ${rules.over_usd} USD.`;
  }
  if (step.confidence < rules.below_confidence) return `The plan is not sure that ${backend.name} is right.`;
  return null;
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
