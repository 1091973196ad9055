/** Writes the answer: by the synthesizer when one is configured, else, or when it fails, by the composer. */
import type { ChatModel, ChatResult } from "../backends/chat-model.ts";
import { BackendError } from "../backends/errors.ts";
import type { BackendConfig } from "../config/schema.ts";
import { parseClaims } from "../grounding/claims.ts";
import { createTailFilter } from "../grounding/tail-filter.ts";
import type { State, Update } from "./channels.ts";
import { compose } from "./compose.ts";
import { remember } from "./memory.ts";
import { noBackendAnswer } from "./no-backend-answer.ts";
import type { RunContext } from "./run-context.ts";
import { citationsIn, loadEvidence, numberSources } from "./sources.ts";
import type { Answer, Finding, NodeUsage } from "./state.ts";
import { synthesisMessages, type SynthesisInput } from "./synthesis-prompt.ts";

type Read = Pick<State, "question" | "options" | "history" | "summary" | "plan" | "findings">;

export interface SynthesizeDeps {
  model: ChatModel | null;
  backends: BackendConfig[];
  history_turns: number;
  clock: () => number;
  price(
    model: string,
    usage: { input_tokens: number; cached_tokens: number; output_tokens: number },
  ): number | null;
}

/** A text and how it came about; what `Answer` needs beyond citations and gaps. */
type Written = Pick<Answer, "text" | "composer" | "fallback" | "finish_reason" | "tool_calls" | "claims"> & {
  usage: NodeUsage[];
};

export function synthesize(deps: SynthesizeDeps) {
  return async (state: Read, run: RunContext): Promise<Update> => {
    const findings = inPlanOrder(state);
    if (nothingFound(findings)) return { answer: null, clarified: false };
    const sources = numberSources(findings);
    const evidence = await loadEvidence(findings, (hash) => run.evidence.get(hash));
    const input = { ...state, findings, sources, evidence };
    const { usage, ...written } = await write(deps, state, input, run);
    const answer: Answer = {
      ...written,
      citations: citationsIn(written.text, sources),
      missing: gaps(findings),
      suggested_questions: findings.flatMap((finding) => finding.suggested_questions).slice(0, 6),
    };
    return { answer, usage, clarified: false, ...remember(state, answer.text, findings, deps.history_turns) };
  };
}

/** Nothing is synthesized when every step is a gap: the run fails. What a person refused is no failure. */
function nothingFound(findings: Finding[]): boolean {
  const refused = findings.some((finding) => finding.error?.code === "refused");
  return findings.length > 0 && findings.every(isGap) && !refused;
}

function isGap(finding: Finding): boolean {
  return finding.status === "failed" || finding.status === "skipped";
}

function inPlanOrder(state: Read): Finding[] {
  const order = new Map(state.plan?.steps.map((step, index) => [step.id, index]));
  return state.findings.toSorted((a, b) => (order.get(a.step) ?? 0) - (order.get(b.step) ?? 0));
}

async function write(
  deps: SynthesizeDeps,
  state: Read,
  input: SynthesisInput,
  run: RunContext,
): Promise<Written> {
  if (deps.model === null || state.plan?.kind === "refuse") return locally(deps, state, input, run, null);
  return byModel(deps.model, deps, state, input, run);
}

async function byModel(
  model: ChatModel,
  deps: SynthesizeDeps,
  state: Read,
  input: SynthesisInput,
  run: RunContext,
): Promise<Written> {
  const began = deps.clock();
  let whole = "";
  let streamed = "";
  const filter = createTailFilter();
  const show = (delta: string) => {
    if (delta === "") return;
    streamed += delta;
    run.emit({ type: "text", delta });
  };
  try {
    const { options } = input;
    const result = await model.stream(
      {
        messages: synthesisMessages(input),
        max_output_tokens: options.max_output_tokens,
        temperature: options.temperature,
        top_p: options.top_p,
        tools: options.tools,
        tool_choice: options.tool_choice,
        json_schema: options.json_schema,
        json_object: options.json_object,
      },
      { signal: run.signal, deadline: run.deadline },
      (delta) => {
        whole += delta;
        show(filter.push(delta));
      },
    );
    show(filter.end());
    if (streamed === "" && result.tool_calls.length === 0) {
      return await locally(deps, state, input, run, `${model.name}: empty answer`);
    }
    return { ...byModelWritten(streamed, result, deps, began), claims: parseClaims(whole).claims };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return afterBrokenStream(
      streamed,
      await restOf(deps, state, input, run, streamed, `${model.name}: ${error.code}`),
    );
  }
}

function byModelWritten(text: string, result: ChatResult, deps: SynthesizeDeps, began: number): Written {
  const { model, usage } = result;
  const usd = usage === null ? null : deps.price(model, usage);
  return {
    text,
    composer: "model",
    fallback: null,
    finish_reason:
      result.finish_reason === "length" ? "length" : result.tool_calls.length > 0 ? "tool_calls" : "stop",
    tool_calls: result.tool_calls,
    usage: [{ node: "synthesize", model, calls: 1, usage, latency_ms: deps.clock() - began, usd }],
  };
}

/** Text that a reader has seen is never changed: what the composer adds comes after it. */
function afterBrokenStream(streamed: string, rest: Written): Written {
  return { ...rest, text: streamed + rest.text };
}

async function restOf(
  deps: SynthesizeDeps,
  state: Read,
  input: SynthesisInput,
  run: RunContext,
  streamed: string,
  fallback: string,
): Promise<Written> {
  if (streamed === "") return locally(deps, state, input, run, fallback);
  const seam = "\n\n*The model stopped here. What the backends said:*\n\n";
  run.emit({ type: "text", delta: seam });
  const rest = await locally(deps, state, input, run, fallback);
  return { ...rest, text: seam + rest.text };
}

async function locally(
  deps: SynthesizeDeps,
  state: Read,
  input: SynthesisInput,
  run: RunContext,
  fallback: string | null,
): Promise<Written> {
  const blocks = input.findings.length === 0 ? [noBackendAnswer(state.plan, deps.backends)] : compose(input);
  for (const delta of blocks) run.emit({ type: "text", delta });
  return {
    text: blocks.join(""),
    composer: "extractive",
    fallback,
    finish_reason: "stop",
    tool_calls: [],
    usage: [],
  };
}

function gaps(findings: Finding[]): Answer["missing"] {
  return findings.filter(isGap).map(({ step, backend, error }) => ({
    step,
    backend,
    code: error?.code ?? "failed",
    reason: error?.message ?? "No answer.",
  }));
}
