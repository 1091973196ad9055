/** Puts every subject to every judge, a few at a time; verdicts are kept as they come, so that a broken run can go on. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { ChatModel } from "../../backends/chat-model.ts";
import type { ProgressBar } from "../progress-bar.ts";
import { judgeVersion, shownHash, type Judge } from "./judge.ts";
import { askJudge, Verdict } from "./verdict.ts";

export interface JudgeOptions {
  model: ChatModel;
  /** JSONL file of verdicts; what stands in it, from the same version of a judge about the same data, is not asked again. Null keeps none. */
  kept: string | null;
  concurrency: number;
  /** Longest time for one verdict, milliseconds. */
  timeout_ms: number;
  now: () => number;
  progress(total: number): ProgressBar;
}

export async function runJudges<T extends { id: string }>(
  judges: readonly Judge<T>[],
  subjects: readonly T[],
  options: JudgeOptions,
): Promise<Verdict[]> {
  const known = readKept(options.kept);
  const asked = subjects.flatMap((subject) =>
    judges.flatMap((judge) => judge.payloads(subject).map((payload) => ({ subject, judge, payload }))),
  );
  const progress = options.progress(asked.length);
  const verdicts: Verdict[] = [];
  const waiting = asked.entries();
  const work = async () => {
    for (const [index, { subject, judge, payload }] of waiting) {
      const version = judgeVersion(judge.criterion, options.model.name);
      const earlier = known.get(
        keyOf({ judge: judge.name, version, subject: subject.id, part: payload.part, shown: shownHash(payload.data) }), // prettier-ignore
      );
      const { timeout_ms, now } = options;
      const call = { signal: AbortSignal.timeout(timeout_ms * 2), deadline: now() + timeout_ms };
      const verdict = earlier ?? (await askJudge(options.model, judge, subject.id, payload, call));
      if (earlier === undefined && options.kept !== null) keep(options.kept, verdict);
      verdicts[index] = verdict;
      progress.step(`${judge.name} ${subject.id}`);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  progress.end();
  return verdicts;
}

/** Errors are not kept: the next run asks again. */
function keep(path: string, verdict: Verdict): void {
  if (verdict.result !== "error") appendFileSync(path, `${JSON.stringify(verdict)}\n`);
}

function keyOf({ judge, version, subject, part, shown }: Omit<Verdict, "result" | "rationale">): string {
  return JSON.stringify([judge, version, subject, part, shown]);
}

function readKept(path: string | null): Map<string, Verdict> {
  if (path === null || !existsSync(path)) return new Map();
  const verdicts = readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        const parsed = Verdict.safeParse(JSON.parse(line));
        return parsed.success ? [parsed.data] : [];
      } catch {
        return [];
      }
    });
  return new Map(verdicts.map((verdict) => [keyOf(verdict), verdict]));
}
