/** Scores answers after they were given: code scores every one, a judge a share. Scores go on the trace as assessments. */
import { trace, type Attributes } from "@opentelemetry/api";
import type { ChatModel } from "../backends/chat-model.ts";
import type { Assessment, AssessmentTarget } from "../tracing/assessment.ts";
import type { Forwarder } from "../tracing/forwarder.ts";
import type { Redact } from "../tracing/redact.ts";
import { traced } from "../tracing/traced.ts";
import { judgeAnswer, type JudgeVerdict } from "./judge-answer.ts";
import type { TurnResult } from "./run.ts";
import { scoresOf } from "./scores.ts";
import type { RunTurn } from "./turn-span.ts";

export interface ScoringDeps {
  targets: readonly AssessmentTarget[];
  forwarder: Forwarder;
  /** Null: no judge is configured. */
  judge: ChatModel | null;
  /** Share of the answers that the judge sees. */
  share: number;
  redact: Redact;
  random: () => number;
  clock: () => number;
}

export function scoredTurn(runTurn: RunTurn, deps: ScoringDeps): RunTurn {
  return async (input, context) => {
    const result = await runTurn(input, context);
    const span = trace.getActiveSpan();
    if (result.status !== "completed" || result.answer === null || span === undefined) return result;
    const about = { trace: span.spanContext().traceId, run_id: context.run_id };
    const scores = scoresOf(result);
    span.setAttributes(Object.fromEntries(scores.map(({ name, value }) => [`score.${name}`, value])));
    for (const score of scores) send(deps, about, { ...score, source: CODE });
    // A judge's reasons tell of the answer: what is not to be kept is not judged.
    if (deps.judge !== null && context.unstored !== true && deps.random() < deps.share)
      judge(deps, deps.judge, about, input.question, result);
    return result;
  };
}

const CODE = { source_type: "CODE", source_id: "orchestrator" } as const;

type About = Parameters<AssessmentTarget["send"]>[0];

function send({ targets, forwarder }: ScoringDeps, about: About, assessment: Assessment): void {
  for (const target of targets) {
    forwarder.start(target.name, async () => void (await target.send(about, assessment, null)));
  }
}

/** In the trace of the answer that it judges, after that answer has gone. */
function judge(
  deps: ScoringDeps,
  model: ChatModel,
  about: About,
  question: string,
  result: TurnResult,
): void {
  const judged = traced("judge", "EVALUATOR", () => judgeAnswer(model, question, result, deps.clock()), {
    after: verdictAttributes,
  });
  deps.forwarder.start("judge", async () => {
    const { answered, evidence_sufficient, reason } = await judged();
    const source = { source_type: "LLM_JUDGE", source_id: model.name } as const;
    const rationale = deps.redact(reason);
    send(deps, about, { name: "judge_answered", value: answered, rationale, source });
    send(deps, about, { name: "judge_evidence_sufficient", value: evidence_sufficient, rationale, source });
  });
}

function verdictAttributes({ answered, evidence_sufficient }: JudgeVerdict): Attributes {
  return { "score.judge_answered": answered, "score.judge_evidence_sufficient": evidence_sufficient };
}
