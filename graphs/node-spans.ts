/** What each node's span says of its work: the decision and its reasons, the question put, what came of it. */
import type { Attributes } from "@opentelemetry/api";
import type { Backend } from "../backends/backend.ts";
import { isFailed } from "../grounding/verification.ts";
import type { StepInput, Update } from "../nodes/channels.ts";
import type { RunContext } from "../nodes/run-context.ts";
import type { Finding, NodeUsage } from "../nodes/state.ts";
import type { Plan } from "../routing/plan.ts";
import type { Content } from "../tracing/content.ts";
import type { SpanWords } from "../tracing/traced.ts";
import { costOf } from "./turn-cost.ts";

type NodeWords<Input> = SpanWords<[Input, RunContext], Promise<Update>>;

export function classifyWords(content: Content): NodeWords<{ question: string }> {
  return {
    before: ({ question }) => content.inputs({ question }),
    after: ({ plan, usage }) => ({
      ...(plan === undefined || plan === null
        ? {}
        : { ...planAttributes(plan, content), ...content.outputs(plan) }),
      ...spentAttributes(listOf(usage)),
    }),
  };
}

/** Reasons may quote the question: they are content. */
function planAttributes(plan: Plan, content: Content): Attributes {
  const { decision, steps } = plan;
  return {
    "router.tier": decision.tier,
    "router.kind": plan.kind,
    "router.backends": steps.map((step) => step.backend),
    "router.confidence": plan.confidence,
    ...content.text("router.reason", decision.reason),
    "router.probabilities": JSON.stringify(decision.probabilities),
    ...content.json(
      "router.rejected",
      steps.map(({ id, rejected }) => ({ step: id, rejected })),
    ),
    "plan.steps": steps.length,
    ...(decision.threshold === null ? {} : { "router.threshold": decision.threshold }),
    ...(decision.runner_up === null ? {} : { "router.runner_up": decision.runner_up }),
    ...(decision.fallback === null ? {} : { "router.fallback": decision.fallback }),
    ...(decision.model === null ? {} : { "router.model": decision.model }),
  };
}

export function stepWords({ name, config }: Backend, content: Content): NodeWords<StepInput> {
  return {
    name: ({ step }) => `step ${step}`,
    before: ({ step, question, context }) => ({
      "step.id": step,
      "step.backend": name,
      "step.kind": config.kind,
      "step.context_from": context.map((item) => item.step),
      ...content.inputs({ question, context: context.map((item) => ({ step: item.step, text: item.text })) }),
    }),
    after: ({ findings, usage }) => ({
      ...listOf(findings).reduce((all, finding) => ({ ...all, ...findingAttributes(finding, content) }), {}),
      ...spentAttributes(listOf(usage)),
    }),
  };
}

function findingAttributes(finding: Finding, content: Content): Attributes {
  return {
    "step.status": finding.status,
    "step.attempts": finding.attempts,
    "step.queued_ms": finding.queued_ms,
    "step.cached": finding.cached,
    "step.evidence": finding.evidence.map((reference) => reference.id),
    ...(finding.identity === null ? {} : { "backend.identity": finding.identity }),
    ...(finding.payload === null ? {} : { "step.payload_hash": finding.payload }),
    ...(finding.trace_id === null ? {} : { "backend.trace_id": finding.trace_id }),
    ...(finding.error === null ? {} : { "error.type": finding.error.code }),
    ...content.outputs({ text: finding.text, evidence: finding.evidence, error: finding.error }),
  };
}

export function synthesizeWords(content: Content): NodeWords<{ question: string }> {
  return {
    before: ({ question }) => content.inputs({ question }),
    after: ({ answer, usage }) => ({
      ...(answer === undefined || answer === null
        ? {}
        : {
            "answer.composer": answer.composer,
            "answer.citations": answer.citations.length,
            "answer.missing": answer.missing.map((gap) => gap.backend),
            ...(answer.fallback === null ? {} : { "answer.fallback": answer.fallback }),
            ...content.outputs(answer.text),
          }),
      ...spentAttributes(listOf(usage)),
    }),
  };
}

/** Evaluation results, by the names of OpenTelemetry's `gen_ai.evaluation.result`. */
export const verifyWords: NodeWords<object> = {
  after: ({ verification }) => {
    if (verification === undefined || verification === null) return {};
    const { ok, numbers, conflicts } = verification;
    return {
      "gen_ai.evaluation.name": "grounding",
      "gen_ai.evaluation.score.label": ok ? "pass" : "fail",
      "verify.numbers": numbers.length,
      "verify.numbers_failed": numbers.filter(isFailed).length,
      "verify.conflicts": conflicts.length,
    };
  },
};

/** Tokens, and dollars where every call has a price. */
function spentAttributes(usage: NodeUsage[]): Attributes {
  const { usd } = costOf(usage);
  const known = usage.length > 0 && usd !== null;
  return { ...tokenAttributes(usage), ...(known ? { "cost.usd": usd } : {}) };
}

/** Tokens in both dialects; nothing when nobody counted. */
export function tokenAttributes(usage: NodeUsage[]): Attributes {
  const counted = usage.map((item) => item.usage).filter((item) => item !== null);
  if (counted.length === 0) return {};
  const sum = (key: "input_tokens" | "output_tokens") =>
    counted.reduce((total, item) => total + item[key], 0);
  const [input_tokens, output_tokens] = [sum("input_tokens"), sum("output_tokens")];
  return {
    "gen_ai.usage.input_tokens": input_tokens,
    "gen_ai.usage.output_tokens": output_tokens,
    "mlflow.chat.tokenUsage": JSON.stringify({
      input_tokens,
      output_tokens,
      total_tokens: input_tokens + output_tokens,
    }),
  };
}

/** The entries of a write, whether it appends or begins anew. */
export function listOf<T>(write: T[] | { restart: T[] } | undefined): T[] {
  if (write === undefined) return [];
  return Array.isArray(write) ? write : write.restart;
}
