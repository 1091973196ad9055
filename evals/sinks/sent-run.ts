/** A run of the evaluations as other tools take it: totals, and for each case what was asked, answered and scored. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { readDataset, turnsOf } from "../case.ts";
import { Verdict } from "../judges/verdict.ts";
import { readKept } from "../run-suite.ts";

export interface Score {
  name: string;
  value: boolean | number;
  /** A rule of ours, or the judge's version. */
  source: { source_type: "CODE" | "LLM_JUDGE"; source_id: string };
  rationale?: string;
}

export interface SentCase {
  id: string;
  split: string;
  inputs: { messages: string[] };
  /** What the label expects; MLflow's words where it has them. */
  expectations: { backends: string[]; kind: string; expected_facts: string[] };
  answer: string;
  error: string | null;
  latency_ms: number;
  /** As the server gave it: MLflow's own where MLflow is on. */
  trace_id: string | null;
  scores: Score[];
}

export interface SentRun {
  name: string;
  /** Epoch milliseconds. */
  time: number;
  params: Record<string, string>;
  metrics: Record<string, number>;
  cases: SentCase[];
}

const Share = z.object({ value: z.number().nullable() });
const Summary = z.looseObject({
  cases: z.number(),
  routing: Share,
  plan: Share,
  numbers: Share,
  citations: Share,
});
const Report = z.object({
  time: z.string(),
  dataset: z.string(),
  revision: z.string().nullable(),
  node: z.string(),
  summary: z.object({ dev: Summary, heldout: Summary, all: Summary }),
  cases: z.array(
    z.object({
      id: z.string(),
      route: z.object({ correct: z.boolean() }),
      plan: z.object({ exact: z.boolean() }),
      numbers: z.object({ correct: z.boolean() }).nullable(),
      contains: z.boolean().nullable(),
      citations: z.object({ valid: z.boolean() }).nullable(),
    }),
  ),
});
type Reported = z.infer<typeof Report>["cases"][number];

/** Throws `TypeError` where the folder holds no whole run. */
export function readSentRun(folder: string): SentRun {
  const file = path.join(folder, "report.json");
  if (!existsSync(file))
    throw new TypeError(`${folder} holds no report.json: give the folder of a finished run.`);
  const report = Report.parse(JSON.parse(readFileSync(file, "utf8")));
  const outcomes = readKept(path.join(folder, "outcomes.jsonl"));
  const questions = new Map(readDataset(report.dataset).map((question) => [question.id, question]));
  const verdicts = readVerdicts(path.join(folder, "judges.json"));
  const cases = report.cases.flatMap((reported): SentCase[] => {
    const [question, outcome] = [questions.get(reported.id), outcomes.get(reported.id)];
    if (question === undefined || outcome === undefined) return [];
    const { backends, kind, facts } = question.expect;
    return [
      {
        id: question.id,
        split: question.split,
        inputs: { messages: turnsOf(question) },
        expectations: { backends, kind, expected_facts: facts },
        answer: outcome.text,
        error: outcome.error,
        latency_ms: outcome.latency_ms,
        trace_id: outcome.trace_id ?? null,
        scores: [
          ...scoresOf(reported),
          ...verdicts.filter(({ subject }) => subject === question.id).map(scoreOf),
        ],
      },
    ];
  });
  return {
    name: `evals ${report.time}`,
    time: Date.parse(report.time),
    params: { dataset: report.dataset, revision: report.revision ?? "unknown", node: report.node },
    metrics: metricsOf(report.summary),
    cases,
  };
}

function metricsOf(summary: z.infer<typeof Report>["summary"]): Record<string, number> {
  const named = Object.entries(summary).flatMap(([split, { cases, routing, plan, numbers, citations }]) => {
    const shares = { routing, plan, numbers, citations };
    const known = Object.entries(shares).flatMap(([name, { value }]) =>
      value === null ? [] : [[`${split}.${name}`, value] as const],
    );
    return [[`${split}.cases`, cases] as const, ...known];
  });
  return Object.fromEntries(named);
}

function scoresOf({ route, plan, numbers, contains, citations }: Reported): Score[] {
  const values = {
    routing: route.correct,
    plan: plan.exact,
    numbers: numbers?.correct ?? null,
    contains,
    citations: citations?.valid ?? null,
  };
  return Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value, source: { source_type: "CODE" as const, source_id: "evals" } }],
  );
}

function scoreOf({ judge, part, version, result, rationale }: Verdict): Score {
  return {
    name: part === "" ? `judge_${judge}` : `judge_${judge}_${part.replaceAll(/\W+/g, "_")}`,
    value: result === "yes",
    source: { source_type: "LLM_JUDGE", source_id: version },
    rationale,
  };
}

/** Errors of judges are no scores. */
function readVerdicts(file: string): Verdict[] {
  if (!existsSync(file)) return [];
  const { verdicts } = z.object({ verdicts: z.array(Verdict) }).parse(JSON.parse(readFileSync(file, "utf8")));
  return verdicts.filter(({ result }) => result !== "error");
}
