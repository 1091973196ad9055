/** The finding of a step that could not be formed, because an earlier one left nothing to ask about. */
import type { Step } from "../routing/plan.ts";
import type { Finding } from "./state.ts";

type Unasked = Pick<Step, "id" | "backend" | "question">;

/** `reference` is the empty one, e.g. `s1.customers`. */
export function skippedFinding(step: Step, reference: string, findings: Finding[], now: number): Finding {
  const [source = ""] = reference.split(".");
  const finding = findings.find((f) => f.step === source);
  const failed = finding !== undefined && finding.status !== "ok";
  const message = failed
    ? `Not asked: it needs ${reference} from ${finding.backend}, which gave no answer.`
    : `Not asked: ${finding?.backend ?? source} named nothing to fill in for ${reference}.`;
  return {
    ...emptyFinding(step, now),
    status: "skipped",
    error: { code: failed ? "dependency_failed" : "empty_input", message, status: null },
  };
}

/** The finding of a step that a person did not allow. */
export function refusedFinding(step: Step, reason: string, now: number): Finding {
  const error = { code: "refused", message: `Not asked: ${reason}`, status: null };
  return { ...emptyFinding(step, now), status: "skipped", error };
}

/** The finding of a step that the budget does not cover. */
export function unpaidFinding(step: Unasked, reason: string, now: number): Finding {
  const error = { code: "budget", message: `Not asked: ${reason}`, status: null };
  return { ...emptyFinding(step, now), status: "skipped", error };
}

/** A finding without content, for steps that were not asked or failed. */
export function emptyFinding(step: Unasked, now: number): Finding {
  return {
    step: step.id,
    backend: step.backend,
    kind: "",
    status: "failed",
    question: step.question,
    text: "",
    evidence: [],
    extracts: {},
    error: null,
    clarification: null,
    suggested_questions: [],
    conversation_id: null,
    trace_id: null,
    model: null,
    usage: null,
    identity: null,
    attempts: 0,
    cached: false,
    started_at: now,
    duration_ms: 0,
    queued_ms: 0,
    payload: null,
  };
}
