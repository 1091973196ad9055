/** How far a judge can be believed: its verdicts held against the labels of people. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { groupBy } from "../group-by.ts";
import { correctedShare, type Count } from "../stats/corrected-share.ts";
import { wilson, type Interval } from "../stats/wilson.ts";
import type { Verdict } from "./verdict.ts";

export const JudgeLabel = z.strictObject({
  judge: z.string(),
  subject: z.string(),
  part: z.string().default(""),
  /** The verdict's hash of what was judged. Without it the label counts for whatever the run answered. */
  shown: z.string().optional(),
  /** What a person says. */
  label: z.enum(["yes", "no"]),
});
export type JudgeLabel = z.infer<typeof JudgeLabel>;

/** With fewer labels, or almost all of one kind, a judge counts as uncalibrated. */
export const ENOUGH_LABELS = 50;
const ENOUGH_OF_EACH = 5;

export interface JudgeSummary {
  judge: string;
  version: string;
  /** Verdicts of yes among those of yes and no. */
  called: Count & Interval;
  errors: number;
  labels: number;
  /** Of what people call good, what the judge calls good. */
  sensitivity: Count;
  /** Of what people call bad, what the judge calls bad. */
  specificity: Count;
  calibrated: boolean;
  /** The share that is really good; null while uncalibrated, or where the judge is no better than a coin. */
  corrected: ({ value: number } & Interval) | null;
}

/** One row per judge and version, in the order of the verdicts. */
export function summarizeJudges(verdicts: readonly Verdict[], labels: readonly JudgeLabel[]): JudgeSummary[] {
  const by = groupBy(verdicts, ({ judge, version }) => `${judge} ${version}`);
  return [...by.values()].map((group) => summarizeJudge(group, labels));
}

function summarizeJudge(verdicts: readonly Verdict[], labels: readonly JudgeLabel[]): JudgeSummary {
  const { judge, version } = verdicts[0]!;
  const said = verdicts.filter(({ result }) => result !== "error");
  const label = new Map(labels.filter((one) => one.judge === judge).map((one) => [keyOf(one), one] as const));
  const labelled = said.flatMap((verdict) => {
    const { label: truth, shown = verdict.shown } = label.get(keyOf(verdict)) ?? {};
    return truth === undefined || shown !== verdict.shown ? [] : [{ truth, right: truth === verdict.result }];
  });
  const rightOf = (truth: "yes" | "no") => {
    const of = labelled.filter((one) => one.truth === truth);
    return { hits: of.filter(({ right }) => right).length, total: of.length };
  };
  const called = { hits: said.filter(({ result }) => result === "yes").length, total: said.length };
  const [sensitivity, specificity] = [rightOf("yes"), rightOf("no")];
  const calibrated =
    labelled.length >= ENOUGH_LABELS && Math.min(sensitivity.total, specificity.total) >= ENOUGH_OF_EACH;
  return {
    judge,
    version,
    called: { ...called, ...wilson(called.hits, called.total) },
    errors: verdicts.length - said.length,
    labels: labelled.length,
    sensitivity,
    specificity,
    calibrated,
    corrected: calibrated ? correctedShare(called, sensitivity, specificity) : null,
  };
}

function keyOf({ subject, part }: { subject: string; part: string }): string {
  return JSON.stringify([subject, part]);
}

/** Reads one label per line. Throws with the line's number where one is wrong. */
export function readJudgeLabels(path: string): JudgeLabel[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      if (line.trim() === "") return [];
      const parsed = JudgeLabel.safeParse(readJson(line));
      if (parsed.success) return [parsed.data];
      throw new TypeError(`${path}, line ${index + 1}: ${z.prettifyError(parsed.error)}`);
    });
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
