/** Asks and scores every case, a few at a time; outcomes are kept as they come, so that a broken run can go on. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { askCase } from "./ask.ts";
import type { Case } from "./case.ts";
import { Outcome } from "./outcome.ts";
import type { System } from "./programs/system.ts";
import type { ProgressBar } from "./progress-bar.ts";
import { scoreCase, type Scored } from "./score-case.ts";
import { truthsOf } from "./truth.ts";

export interface SuiteOptions {
  system: System;
  /** JSONL file of outcomes; cases that stand in it are not asked again. Null keeps none. */
  kept: string | null;
  concurrency: number;
  timeout_ms: number;
  progress: ProgressBar;
}

export async function runSuite(cases: readonly Case[], options: SuiteOptions): Promise<Scored[]> {
  const known = readKept(options.kept);
  const scored = new Map<string, Scored>();
  const waiting = [...cases];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      scored.set(next.id, await one(next, known.get(next.id), options));
      options.progress.step(next.id);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  options.progress.end();
  return cases.flatMap((question) => scored.get(question.id) ?? []);
}

async function one(question: Case, known: Outcome | undefined, options: SuiteOptions): Promise<Scored> {
  const { system, kept, timeout_ms } = options;
  const outcome = known ?? (await askCase(question, { url: system.serverUrl, timeout_ms }));
  if (known === undefined && kept !== null) appendFileSync(kept, `${JSON.stringify(outcome)}\n`);
  const truths = system.sandboxUrl === null ? [] : await truthsOf(question, system.sandboxUrl);
  return scoreCase(question, outcome, truths);
}

/** A last line that was cut off is asked again. */
export function readKept(path: string | null): Map<string, Outcome> {
  if (path === null || !existsSync(path)) return new Map();
  const outcomes = readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      const parsed = Outcome.safeParse(readJson(line));
      return parsed.success ? [parsed.data] : [];
    });
  return new Map(outcomes.map((outcome) => [outcome.id, outcome]));
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
