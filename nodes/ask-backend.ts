/** Ask one backend. A BackendError becomes a failed finding; anything else is a bug and ends the run. */
import type { Backend, BackendAnswer, CallContext, ContextItem, Evidence } from "../backends/backend.ts";
import { BackendError } from "../backends/errors.ts";
import { tooDear, type Budget } from "./budget.ts";
import type { StepInput, Update } from "./channels.ts";
import { extractValues } from "./extract.ts";
import { keepEvidence } from "./keep-evidence.ts";
import type { RunContext } from "./run-context.ts";
import { emptyFinding, unpaidFinding } from "./skipped-finding.ts";
import type { Finding, NodeUsage } from "./state.ts";

export interface AskDeps {
  clock: () => number;
  /** Milliseconds kept back from the deadline so that an answer can still be written. */
  reserve_ms: number;
  /** Without it there is no limit. */
  budget?: Budget;
}

/** What differs between kinds: which of the step's inputs go along. */
export interface Sends {
  context: boolean;
  conversation: boolean;
}

export function askBackend(backend: Backend, sends: Sends, deps: AskDeps) {
  return async (input: StepInput, run: RunContext): Promise<Update> => {
    const { step, question } = input;
    const unpaid = unpaidStep(backend, input, deps, run);
    if (unpaid !== null) {
      run.emit({ type: "step_finished", finding: unpaid });
      return { findings: [unpaid] };
    }
    run.emit({ type: "step_started", step, backend: backend.name, kind: backend.config.kind, question });
    const base = {
      ...emptyFinding({ id: step, backend: backend.name, question }, deps.clock()),
      kind: backend.config.kind,
    };
    const finding = await ask(backend, input, sends, deps, run).then(
      (answer) => answered(base, input, answer, run),
      (error: unknown) => failed(base, error),
    );
    finding.duration_ms = deps.clock() - base.started_at;
    run.emit({ type: "step_finished", finding });
    return {
      findings: [finding],
      usage: [usageOf(backend, finding)],
      conversations: finding.conversation_id === null ? {} : { [backend.name]: finding.conversation_id },
    };
  };
}

/** `dispatch` has looked before; but the start of a step may wait in its checkpoint, or be written by a client. */
function unpaidStep(
  backend: Backend,
  { step, question, spent }: StepInput,
  { budget, clock }: AskDeps,
  { left_usd }: RunContext,
): Finding | null {
  if (budget === undefined || spent === undefined) return null;
  const reason = tooDear({ budget, left_usd }, spent, backend.name);
  return reason === null
    ? null
    : unpaidFinding({ id: step, backend: backend.name, question }, reason, clock());
}

async function ask(
  backend: Backend,
  input: StepInput,
  sends: Sends,
  deps: AskDeps,
  run: RunContext,
): Promise<BackendAnswer> {
  const resume = await run.pending.get(input.step);
  const call: CallContext = {
    signal: run.signal,
    deadline: Math.max(run.deadline - deps.reserve_ms, deps.clock()),
    caller: run.caller,
    onProgress: ({ status, message }) =>
      run.emit({ type: "step_progress", step: input.step, backend: backend.name, status, message }),
    onText: () => {},
    onPending: (handle) => run.pending.put(input.step, handle),
  };
  const request = {
    question: input.question,
    context: sends.context ? await contextItems(input, run) : [],
    ...(sends.conversation && input.conversation_id !== null
      ? { conversation_id: input.conversation_id }
      : {}),
    ...(resume === null ? {} : { resume }),
  };
  return backend.ask(request, call);
}

/** Evidence of earlier steps comes back whole from the store: state holds references only. */
async function contextItems(input: StepInput, run: RunContext): Promise<ContextItem[]> {
  return Promise.all(
    input.context.map(async ({ evidence, ...item }) => {
      const found = await Promise.all(evidence.map((hash) => run.evidence.get(hash)));
      return { ...item, evidence: found.filter((value) => value !== null) as Evidence[] };
    }),
  );
}

async function answered(
  base: Finding,
  input: StepInput,
  answer: BackendAnswer,
  run: RunContext,
): Promise<Finding> {
  const [evidence, payload] = await Promise.all([
    keepEvidence(input.step, answer.evidence, run.evidence),
    run.evidence.put(answer.payload),
  ]);
  return {
    ...base,
    status: answer.clarification === undefined ? "ok" : "clarify",
    text: answer.text,
    evidence,
    extracts: extractValues(input.extract, answer.text, answer.evidence),
    clarification: answer.clarification ?? null,
    suggested_questions: answer.suggested_questions,
    ...(answer.notes !== undefined && { notes: answer.notes }),
    conversation_id: answer.conversation_id ?? null,
    trace_id: answer.trace_id ?? null,
    model: answer.model ?? null,
    usage: answer.usage ?? null,
    identity: answer.identity,
    attempts: answer.attempts,
    cached: answer.cached,
    queued_ms: answer.queued_ms,
    payload,
  };
}

function failed(base: Finding, error: unknown): Finding {
  if (!(error instanceof BackendError)) throw error;
  const { status, attempts, request_id } = error.detail;
  return {
    ...base,
    status: "failed",
    error: { code: error.code, message: error.message, status: status ?? null },
    attempts: attempts ?? 1,
    trace_id: request_id ?? null,
  };
}

function usageOf(backend: Backend, finding: Finding): NodeUsage {
  const price = backend.config.cost_per_call_usd;
  // What came out of a cache or never left the queue was not paid for.
  const asked = finding.attempts > 0 && !finding.cached;
  return {
    node: backend.name,
    model: finding.model,
    calls: finding.attempts,
    usage: finding.usage,
    latency_ms: finding.duration_ms,
    usd: price === undefined ? null : asked ? price : 0,
  };
}
