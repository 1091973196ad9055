/** Stops for a person's word on the steps that need it. Whoever resumes says yes, no, or yes with another question. */
import { createHash } from "node:crypto";
import { interrupt } from "@langchain/langgraph";
import type { Plan } from "../routing/plan.ts";
import { approvalPayload, approvalReason, payloadHash, type ApprovalPayload } from "./approval-rules.ts";
import type { Approval, State, Update } from "./channels.ts";
import type { RunContext } from "./run-context.ts";
import { inputOf, stepsToApprove, type DispatchDeps } from "./dispatch.ts";

export interface ApprovalAsked {
  /** Goes out as `mcp_approval_request` and comes back as `approval_request_id`. */
  id: string;
  step: string;
  backend: string;
  reason: string;
  payload: ApprovalPayload;
  hash: string;
}

/** What the graph stops with. */
export interface ApprovalInterrupt {
  type: "approval";
  requests: ApprovalAsked[];
}

/** One person's word. Requests that get none are asked again. */
export interface ApprovalReply {
  id: string;
  approve: boolean;
  /** Replaces the step's question. */
  question?: string;
  reason?: string;
}

type Read = Pick<State, "plan" | "findings" | "approvals" | "conversations" | "turn">;

export function approve(deps: DispatchDeps) {
  return async (state: Read, run: Pick<RunContext, "thread_id">): Promise<Update> => {
    const requests = requestsOf(state, deps, run.thread_id);
    const replies = interrupt<ApprovalInterrupt, ApprovalReply[]>({ type: "approval", requests });
    const plan = edited(state.plan, requests, replies);
    const approvals: Record<string, Approval> = { ...state.approvals };
    for (const { id, step, hash } of requests) {
      const reply = replies.find((candidate) => candidate.id === id);
      if (reply === undefined) continue;
      const changed = reply.question === undefined ? hash : hashOf(step, { ...state, plan }, deps);
      approvals[step] = { approved: reply.approve, hash: changed, reason: reply.reason ?? null };
    }
    return { approvals, plan };
  };
}

/** Ids differ by thread and turn, so that an old word never counts for a new request. */
function requestsOf(state: Read, deps: DispatchDeps, thread_id: string): ApprovalAsked[] {
  return stepsToApprove(state, deps.rules).map((step) => {
    const payload = approvalPayload(step.backend, inputOf(step, state, deps));
    const hash = payloadHash(payload);
    const reason = approvalReason(deps.rules, step, state.plan) ?? "";
    const own = createHash("sha256").update(`${thread_id} ${state.turn} ${step.id} ${hash}`).digest("hex");
    return {
      id: `apr_${own.slice(0, 32)}`,
      step: step.id,
      backend: step.backend,
      reason,
      payload,
      hash,
    };
  });
}

function edited(plan: Plan | null, requests: ApprovalAsked[], replies: ApprovalReply[]): Plan | null {
  if (plan === null) return null;
  const questions = new Map<string, string>();
  for (const { id, step } of requests) {
    const question = replies.find((reply) => reply.id === id)?.question;
    if (question !== undefined) questions.set(step, question);
  }
  return {
    ...plan,
    steps: plan.steps.map((step) => ({ ...step, question: questions.get(step.id) ?? step.question })),
  };
}

function hashOf(id: string, state: Read, deps: DispatchDeps): string {
  const step = state.plan?.steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new TypeError(`The plan holds no step ${id}.`);
  return payloadHash(approvalPayload(step.backend, inputOf(step, state, deps)));
}
