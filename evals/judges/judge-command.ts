/** `npm run evals -- judge <folder>`: a model's opinion of the answers of a run, beside what people say of them. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { readDataset, turnsOf, type Case } from "../case.ts";
import type { Outcome } from "../outcome.ts";
import { createProgressBar } from "../progress-bar.ts";
import { readKept } from "../run-suite.ts";
import { ANSWER_JUDGES, type AnswerSubject } from "./answer-judges.ts";
import { readJudgeLabels, summarizeJudges } from "./calibration.ts";
import type { Judge } from "./judge.ts";
import { openJudgeModel } from "./judge-model.ts";
import { judgesText } from "./judges-text.ts";
import type { JudgeRunOptions } from "./options.ts";
import { runJudges } from "./run-judges.ts";

/** Returns the report as Markdown; it also stands in the run's folder, as `judges.md` and `judges.json`. */
export async function judge(env: NodeJS.ProcessEnv, cwd: string, options: JudgeRunOptions): Promise<string> {
  const judges = chosenJudges(ANSWER_JUDGES, options.judges);
  const labels = options.labels === null ? [] : readJudgeLabels(options.labels);
  const cases = new Map(readDataset(options.dataset).map((question) => [question.id, question]));
  const outcomes = [...readKept(path.join(options.folder, "outcomes.jsonl")).values()];
  const subjects = outcomes
    .flatMap((outcome) => {
      const question = cases.get(outcome.id);
      return question === undefined || outcome.response === null ? [] : [subjectOf(question, outcome)];
    })
    .slice(0, options.limit);
  if (subjects.length === 0)
    throw new TypeError(`${options.folder} holds no answers to questions of ${options.dataset}.`);
  const opened = openJudgeModel(env, { ...options, cwd });
  try {
    const verdicts = await runJudges(judges, subjects, {
      model: opened.model,
      kept: path.join(options.folder, "verdicts.jsonl"),
      concurrency: options.concurrency,
      timeout_ms: options.timeout_ms,
      now: Date.now,
      progress: (total) => createProgressBar(total, process.stderr, Date.now),
    });
    const summaries = summarizeJudges(verdicts, labels);
    const text = judgesText(opened.model.name, summaries, verdicts);
    writeFileSync(path.join(options.folder, "judges.md"), text);
    writeFileSync(path.join(options.folder, "judges.json"), JSON.stringify({ model: opened.model.name, summaries, verdicts }, null, 2)); // prettier-ignore
    return text;
  } finally {
    await opened.close();
  }
}

/** Throws `TypeError` with the names that there are. */
function chosenJudges<T>(all: readonly Judge<T>[], names: readonly string[] | null): readonly Judge<T>[] {
  if (names === null) return all;
  return names.map((name) => {
    const found = all.find((one) => one.name === name);
    if (found !== undefined) return found;
    throw new TypeError(`There is no judge "${name}"; there are ${all.map((one) => one.name).join(", ")}.`);
  });
}

function subjectOf(question: Case, { id, text, response }: Outcome): AnswerSubject {
  const calls = response?.custom_outputs.backend_calls ?? [];
  const { facts, contains, guidelines } = question.expect;
  return {
    id,
    turns: turnsOf(question),
    answer: text,
    findings: calls.map(({ backend, status, text: said }) => ({ backend, status, text: said })),
    facts: [...facts, ...contains],
    guidelines,
  };
}
