/** `npm run evals`: asks the labelled questions through the real server, scores the answers, writes a report. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { runAnswerGate } from "./answer-gate/run-answer-gate.ts";
import { compareArms } from "./arms/compare-arms.ts";
import { chosenCases, readDataset } from "./case.ts";
import { compareReports, comparisonText } from "./compare.ts";
import { LIVE_FLOORS, missedFloors, reached } from "./gate.ts";
import { datasetsOf, HELP, parseOptions, type Options } from "./options.ts";
import { judge } from "./judges/judge-command.ts";
import { distilOptions, judgeOptions, simulateOptions } from "./judges/options.ts";
import { labelOptions, promoteOptions } from "./promote/options.ts";
import { label, promote } from "./promote/promote.ts";
import { createProgressBar } from "./progress-bar.ts";
import { startSystem, type System } from "./programs/system.ts";
import { shareText } from "./report/shares.ts";
import { writeReport } from "./report/write-report.ts";
import { record, RECORDINGS } from "./recorded/record.ts";
import { benchRouter } from "./router-bench/bench-router.ts";
import { decideBaselineCases, runGate, writeBaseline } from "./routing-gate/baseline.ts";
import { runSuite } from "./run-suite.ts";
import type { Scored } from "./score-case.ts";
import { push, pushOptions } from "./sinks/push-command.ts";
import { distilAll, simulateAll } from "./simulator/simulate-command.ts";
import { summarize } from "./summarize.ts";

const REPORTS = "evals/reports";

async function main(options: Options): Promise<number> {
  const time = new Date().toISOString();
  const folder = options.resume ?? newFolder(time);
  mkdirSync(folder, { recursive: true });
  const cases = chosenCases(readDataset(options.dataset), options);
  const system =
    options.url === null
      ? await startSystem(process.env, options.config)
      : running(options.url, options.sandbox);
  try {
    const scored = await runSuite(cases, {
      system,
      kept: path.join(folder, "outcomes.jsonl"),
      concurrency: options.concurrency,
      timeout_ms: options.timeout_ms,
      progress: createProgressBar(cases.length, process.stdout, Date.now),
    });
    const head = {
      time,
      dataset: options.dataset,
      revision: revision(),
      node: process.version,
      concurrency: options.concurrency,
    };
    writeReport(folder, head, scored, options.showHeldout);
    process.stdout.write(
      `${overview(scored)}\nReport: ${path.join(folder, "report.html")} (and report.md, report.json, junit.xml)\n`,
    );
    const missed = options.gate ? missedFloors(reached(scored, liveFloors(options.split))) : [];
    for (const sentence of missed) process.stdout.write(`${sentence}\n`);
    return missed.length > 0 ? 1 : 0;
  } finally {
    await system.close();
  }
}

/** A folder for what a run leaves. */
function newFolder(time = new Date().toISOString()): string {
  return path.join(REPORTS, time.replaceAll(/[:.]/g, "-"));
}

function liveFloors(split: Options["split"]) {
  return split === null ? { dev: LIVE_FLOORS, heldout: LIVE_FLOORS } : { [split]: LIVE_FLOORS };
}

function running(serverUrl: string, sandboxUrl: string | null): System {
  return { serverUrl: serverUrl.replace(/\/$/, ""), sandboxUrl, close: async () => {} };
}

function revision(): string | null {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return null;
  }
}

function overview(scored: readonly Scored[]): string {
  return ["dev", "heldout"]
    .flatMap((split) => {
      const part = scored.filter(({ question }) => question.split === split);
      if (part.length === 0) return [];
      const s = summarize(part);
      return [
        `${split}, ${part.length} cases`,
        `  routing    ${shareText(s.routing)}`,
        `  plan       ${shareText(s.plan)}`,
        `  steps      ${shareText(s.step_count)}`,
        `  numbers    ${shareText(s.numbers)}`,
        `  citations  ${shareText(s.citations)}`,
        `  grounding  ${shareText(s.grounding)}`,
      ];
    })
    .join("\n");
}

async function evaluate(args: string[]): Promise<void> {
  const options = parseOptions(args);
  if (options.help) process.stdout.write(HELP);
  else process.exitCode = await main(options);
}

function compare([before, after]: string[]): void {
  if (before === undefined || after === undefined)
    throw new TypeError("compare needs the folders of two runs.");
  process.stdout.write(`${comparisonText(compareReports(before, after))}\n`);
}

async function recordAnswers(args: string[]): Promise<string> {
  const options = parseOptions(args);
  const cases = chosenCases(datasetsOf(options).flatMap(readDataset), options);
  const { url: workspace, config, concurrency, timeout_ms } = options;
  const progress = createProgressBar(cases.length, process.stderr, Date.now);
  const out = options.out ?? RECORDINGS;
  return record(process.env, { cases, workspace, config, out, concurrency, timeout_ms, progress });
}

try {
  const [command, ...rest] = process.argv.slice(2);
  const say = (sentence: string) => process.stdout.write(`${sentence}\n`);
  if (rest.includes("--help")) say(HELP);
  else if (command === "compare") compare(rest);
  else if (command === "router-bench") benchRouter(rest, say);
  else if (command === "arms") say(await compareArms(process.env, parseOptions(rest)));
  else if (command === "judge") say(await judge(process.env, process.cwd(), judgeOptions(rest)));
  else if (command === "simulate")
    say(await simulateAll(process.env, process.cwd(), newFolder(), simulateOptions(rest)));
  else if (command === "distil") say(await distilAll(process.env, process.cwd(), distilOptions(rest)));
  else if (command === "push") say(await push(process.env, process.cwd(), pushOptions(rest)));
  else if (command === "record") say(await recordAnswers(rest));
  else if (command === "gate") {
    const options = parseOptions(rest);
    // The baseline is of the sandbox's own questions.
    const router = datasetsOf(options).length > 1 ? [await runGate(process.cwd())] : [];
    const held = [...router, await runAnswerGate(process.env, options)];
    for (const { text } of held) say(text);
    process.exitCode = Math.max(...held.map(({ code }) => code));
  } else if (command === "baseline") writeBaseline(await decideBaselineCases(process.cwd()));
  else if (command === "promote")
    say(await promote(process.env, process.cwd(), promoteOptions(rest, Date.now())));
  else if (command === "label") say(label(process.env, process.cwd(), labelOptions(rest)));
  else await evaluate(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
