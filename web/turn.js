/** One question and what became of it, as plain data; stream events are folded into it. */

/**
 * @typedef {{ id: string, backend: string, question: string, why: string, depends_on: string[], optional: boolean,
 *   confidence: number | null, status: "waiting" | "running" | "ok" | "failed" | "skipped" | "clarify",
 *   progress: string, text: string, duration_ms: number | null, error: { code: string, message: string } | null,
 *   evidence: { id: string, kind: string, title: string, url: string | null, preview: string }[] }} Step
 * @typedef {{ n: number, evidence: string, step: string, backend: string, title: string, url: string }} Citation
 * @typedef {{ question: string, status: "running" | "done" | "failed" | "stopped", response: string | null,
 *   steps: Step[], decision: { kind: string, tier: string, reason: string } | null, notes: string[], text: string,
 *   citations: Citation[], missing: { backend: string, reason: string }[], suggestions: string[],
 *   composer: string | null, fallback: string | null, tokens: number | null, error: string | null,
 *   evidence: Record<string, any>, started_at: number, duration_ms: number | null, vote: boolean | null,
 *   approvals: Approval[], clarify: { question: string, options: string[] } | null, input?: string | object[] }} Turn
 * @typedef {{ id: string, step: string, backend: string, reason: string,
 *   payload: { question: string, context: { step: string, text: string }[] } }} Approval What waits for a person's word
 */

/** @param {string} question @param {number} now @returns {Turn} */
export function createTurn(question, now) {
  return {
    question, status: "running", response: null, steps: [], decision: null, notes: [], text: "", citations: [], missing: [],
    suggestions: [], composer: null, fallback: null, tokens: null, error: null, evidence: {}, started_at: now, duration_ms: null,
    vote: null, approvals: [], clarify: null,
  }; // prettier-ignore
}

/**
 * Changes `turn` by one event. Both our own `orchestrator.*` events and the plain ones count.
 * @param {Turn} turn
 * @param {import("./event-stream.js").StreamEvent} event
 */
export function applyEvent(turn, event) {
  HANDLERS[event.type]?.(turn, event);
}

/** @type {Record<string, (turn: Turn, event: any) => void>} */
const HANDLERS = {
  "response.created": (turn, { response }) => void (turn.response = response?.id ?? null),
  "orchestrator.plan": (turn, { plan }) => applyPlan(turn, plan),
  "orchestrator.step_started": (turn, event) => {
    Object.assign(stepOf(turn, event), {
      status: "running",
      question: event.question ?? stepOf(turn, event).question,
      progress: "",
    });
  },
  "orchestrator.step_progress": (turn, event) =>
    void (stepOf(turn, event).progress = event.message || event.status || ""),
  "orchestrator.step_finished": (turn, { finding }) => applyFinding(turn, finding),
  "orchestrator.answer": (turn, { answer }) => void (turn.citations = answer?.citations ?? turn.citations),
  "response.reasoning_summary_text.done": (turn, { text }) => void turn.notes.push(String(text ?? "")),
  "response.output_text.delta": (turn, { delta }) => void (turn.text += delta ?? ""),
  "response.completed": (turn, { response }) => applyEnd(turn, response, "done"),
  "response.incomplete": (turn, { response }) =>
    applyEnd(turn, response, response?.status === "cancelled" ? "stopped" : "done"),
  "response.failed": (turn, { response }) => {
    applyEnd(turn, response, "failed");
    turn.error ??= response?.error?.message ?? "The answer failed.";
  },
  error: (turn, event) => void (turn.error = event.message ?? event.error?.message ?? "The answer failed."),
};

/** @param {Turn} turn @param {any} plan */
function applyPlan(turn, plan) {
  if (!plan) return;
  turn.decision = { kind: plan.kind, tier: plan.decision?.tier ?? "", reason: plan.decision?.reason ?? "" };
  for (const planned of plan.steps ?? []) {
    const { question, why, depends_on, optional, confidence } = planned;
    const step = stepOf(turn, { step: planned.id, backend: planned.backend });
    Object.assign(step, {
      why: why ?? "",
      depends_on: depends_on ?? [],
      optional: optional === true,
      confidence: confidence ?? null,
    });
    if (step.question === "") step.question = question ?? "";
  }
}

/** @param {Turn} turn @param {any} finding */
function applyFinding(turn, finding) {
  if (!finding) return;
  const { status, question, text, duration_ms, error, evidence } = finding;
  const step = stepOf(turn, finding);
  Object.assign(step, {
    status,
    question: question || step.question,
    text: text ?? "",
    duration_ms: duration_ms ?? null,
    error: error ?? null,
    evidence: evidence ?? [],
    progress: "",
  });
}

/** @param {Turn} turn @param {any} response @param {Turn["status"]} status */
function applyEnd(turn, response, status) {
  turn.status = status;
  const outputs = response?.custom_outputs ?? {};
  applyPlan(turn, outputs.plan);
  for (const finding of outputs.backend_calls ?? []) applyFinding(turn, finding);
  for (const { step, backend, question, reason } of outputs.skipped ?? []) {
    applyFinding(turn, {
      step,
      backend,
      question,
      status: "skipped",
      error: { code: "skipped", message: reason },
    });
  }
  turn.citations = outputs.citations ?? turn.citations;
  turn.missing = outputs.missing ?? [];
  turn.suggestions = outputs.suggested_questions ?? [];
  turn.approvals = outputs.approvals ?? [];
  turn.clarify = outputs.plan?.kind === "clarify" ? outputs.plan.clarify : null;
  turn.composer = outputs.composer ?? null;
  turn.fallback = outputs.fallback ?? null;
  turn.evidence = outputs.evidence ?? {};
  turn.tokens = response?.usage?.total_tokens || null;
  if (turn.text === "") turn.text = messageText(response);
}

/** @param {any} response */
function messageText(response) {
  const messages = (response?.output ?? []).filter((/** @type {any} */ item) => item.type === "message");
  return messages
    .flatMap((/** @type {any} */ item) => item.content ?? [])
    .map((/** @type {any} */ part) => part.text ?? "")
    .join("");
}

/** @param {Turn} turn @param {{ step: string, backend?: string, question?: string }} event @returns {Step} */
function stepOf(turn, event) {
  const known = turn.steps.find((step) => step.id === event.step);
  if (known) return known;
  /** @type {Step} */
  const step = {
    id: event.step, backend: event.backend ?? "", question: event.question ?? "", why: "", depends_on: [], optional: false, confidence: null,
    status: "waiting", progress: "", text: "", duration_ms: null, error: null, evidence: [],
  }; // prettier-ignore
  turn.steps.push(step);
  return step;
}
