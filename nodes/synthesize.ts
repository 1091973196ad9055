/** Writes the answer: by the synthesizer when one is configured, else, or when it fails, by the composer. */
import type { BackendConfig } from "../config/schema.ts";
import { spentIn, usedUp, type Budget } from "./budget.ts";
import type { State, Update } from "./channels.ts";
import { notesBlock } from "./finding-notes.ts";
import { remember } from "./memory.ts";
import { isGap } from "./gaps.ts";
import { inProse } from "./in-prose.ts";
import type { RunContext } from "./run-context.ts";
import { citationsIn, loadEvidence, numberSources } from "./sources.ts";
import type { Answer, Finding } from "./state.ts";
import type { SynthesisInput } from "./synthesis-prompt.ts";
import { writeLocally } from "./write-locally.ts";
import { BrokenOff, writeWithModel, type ModelWriter } from "./write-with-model.ts";
import type { Written } from "./written.ts";

type Read = Pick<State, "question" | "options" | "history" | "summary" | "plan" | "findings" | "usage">;

export interface SynthesizeDeps {
  /** Null: no model is configured. */
  writer: ModelWriter | null;
  backends: BackendConfig[];
  history_turns: number;
  /** Without it there is no limit. */
  budget?: Budget;
}

export function synthesize(deps: SynthesizeDeps) {
  return async (state: Read, run: RunContext): Promise<Update> => {
    const findings = inPlanOrder(state);
    const sources = numberSources(findings);
    const evidence = await loadEvidence(findings, (hash) => run.evidence.get(hash));
    const { usage, ...written } = await write(deps, { ...state, findings, sources, evidence }, run);
    const notes = inProse(state.options, written.tool_calls) ? notesBlock(findings) : "";
    if (notes !== "") run.emit({ type: "text", delta: notes });
    const answer: Answer = {
      ...written,
      text: written.text + notes,
      citations: citationsIn(written.text, sources),
      missing: gaps(findings),
      suggested_questions: findings.flatMap((finding) => finding.suggested_questions).slice(0, 6),
    };
    return { answer, usage, clarified: false, ...remember(state, answer.text, findings, deps.history_turns) };
  };
}

function inPlanOrder(state: Read): Finding[] {
  const order = new Map(state.plan?.steps.map((step, index) => [step.id, index]));
  return state.findings.toSorted((a, b) => (order.get(a.step) ?? 0) - (order.get(b.step) ?? 0));
}

type WriteInput = SynthesisInput & Pick<State, "plan" | "usage">;

/** No backend covers the question; a client that brings tools or wants JSON still gets the model's answer. */
function refused({ plan, options }: WriteInput): boolean {
  const wanted = (options.tools ?? []).length > 0 || options.json_schema !== undefined || options.json_object;
  return plan?.kind === "refuse" && wanted !== true;
}

async function write(
  { writer, backends, budget }: SynthesizeDeps,
  input: WriteInput,
  run: RunContext,
): Promise<Written> {
  if (writer === null || refused(input)) return writeLocally(input, backends, run, null);
  const spent =
    budget === undefined ? null : usedUp({ budget, left_usd: run.left_usd }, spentIn(input.usage));
  if (spent !== null) return writeLocally(input, backends, run, `budget: ${spent}`);
  try {
    return await writeWithModel(writer, input, run);
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
    return afterBreak(error, () => writeLocally(input, backends, run, error.reason), run);
  }
}

/** Text that a reader has seen is never changed: what the composer adds comes after it. */
function afterBreak({ shown }: BrokenOff, compose: () => Written, run: RunContext): Written {
  if (shown === "") return compose();
  const seam = "\n\n*The model stopped here. What the backends said:*\n\n";
  run.emit({ type: "text", delta: seam });
  const rest = compose();
  return { ...rest, text: shown + seam + rest.text };
}

function gaps(findings: Finding[]): Answer["missing"] {
  return findings.filter(isGap).map(({ step, backend, error }) => ({
    step,
    backend,
    code: error?.code ?? "failed",
    reason: error?.message ?? "No answer.",
  }));
}
