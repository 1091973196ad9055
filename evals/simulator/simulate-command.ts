/** `npm run evals -- simulate` and `distil`: conversations with played or replayed users, and where those come from. */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import { createStore } from "../../store/create-store.ts";
import { createRedact } from "../../tracing/redact.ts";
import { readJudgeLabels, summarizeJudges } from "../judges/calibration.ts";
import { CONVERSATION_JUDGES } from "../judges/conversation-judges.ts";
import { openJudgeModel, type JudgeModel } from "../judges/judge-model.ts";
import { judgesText } from "../judges/judges-text.ts";
import type { DistilOptions, ModelOptions, SimulateRunOptions } from "../judges/options.ts";
import { runJudges } from "../judges/run-judges.ts";
import { startSystem } from "../programs/system.ts";
import { createProgressBar } from "../progress-bar.ts";
import { conversationsText } from "./conversations-text.ts";
import { distil, sessionsOf } from "./distil.ts";
import { readScenarios, type Scenario } from "./scenario.ts";
import { simulate, type Conversation } from "./simulate.ts";

const MOST = 100_000;

/** Returns the report as Markdown; with the conversations it also stands in `folder`. */
export async function simulateAll(
  env: NodeJS.ProcessEnv,
  cwd: string,
  folder: string,
  options: SimulateRunOptions,
): Promise<string> {
  const scenarios = readScenarios(options.scenarios);
  const labels = options.labels === null ? [] : readJudgeLabels(options.labels);
  const needed = scenarios.some(({ turns }) => turns === undefined);
  const judge = needed ? openJudgeModel(env, { ...options, cwd }) : modelIfAny(env, cwd, options);
  const system = options.url === null ? await startSystem(env, options.config) : null;
  try {
    const url = options.url ?? system?.serverUrl ?? "";
    const conversations = await converse(scenarios, url, judge, options);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "conversations.jsonl"), conversations.map((one) => `${JSON.stringify(one)}\n`).join("")); // prettier-ignore
    const judged = judge === null ? "" : await judgeAll(conversations, judge, folder, labels, options);
    const text = `${conversationsText(conversations)}\n${judged}`;
    writeFileSync(path.join(folder, "conversations.md"), text);
    return text;
  } finally {
    await system?.close();
    await judge?.close();
  }
}

async function converse(
  scenarios: readonly Scenario[],
  url: string,
  judge: JudgeModel | null,
  { timeout_ms, concurrency }: ModelOptions,
): Promise<Conversation[]> {
  const progress = createProgressBar(scenarios.length, process.stderr, Date.now);
  const conversations: Conversation[] = [];
  const waiting = scenarios.entries();
  const work = async () => {
    for (const [index, scenario] of waiting) {
      conversations[index] = await simulate(scenario, {
        url,
        user: judge?.model ?? null,
        timeout_ms,
        now: Date.now,
      });
      progress.step(scenario.id);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  progress.end();
  return conversations;
}

async function judgeAll(
  conversations: readonly Conversation[],
  { model }: JudgeModel,
  folder: string,
  labels: ReturnType<typeof readJudgeLabels>,
  { concurrency, timeout_ms }: ModelOptions,
): Promise<string> {
  const subjects = conversations.filter(({ turns }) => turns.length > 0);
  const verdicts = await runJudges(CONVERSATION_JUDGES, subjects, {
    model,
    kept: path.join(folder, "verdicts.jsonl"),
    concurrency,
    timeout_ms,
    now: Date.now,
    progress: (total) => createProgressBar(total, process.stderr, Date.now),
  });
  return judgesText(model.name, summarizeJudges(verdicts, labels), verdicts);
}

/** Adds the sessions of the configured store to a scenarios file. Returns one sentence for the terminal. */
export async function distilAll(
  env: NodeJS.ProcessEnv,
  cwd: string,
  options: DistilOptions,
): Promise<string> {
  const read = readConfigFiles(env, cwd);
  const config = loadConfig({ SANDBOX_URL: "http://127.0.0.1:9", ...read.env }, read.files);
  const judge = modelIfAny(env, cwd, options);
  const store = await createStore(config.persistence, { env });
  try {
    const responses = await store.responses.since(options.since, MOST);
    const known = new Set(existsSync(options.out) ? readScenarios(options.out).map(({ id }) => id) : []);
    const sessions = sessionsOf(responses, createRedact(config.tracing.redact));
    const fresh = sessions.filter(({ id }) => !known.has(id));
    for (const session of fresh) {
      const { timeout_ms } = options;
      const call = { signal: AbortSignal.timeout(timeout_ms * 2), deadline: Date.now() + timeout_ms };
      appendFileSync(options.out, `${JSON.stringify(await distil(session, judge?.model ?? null, call))}\n`);
    }
    return `${sessions.length} sessions of two turns or more, ${fresh.length} new ones in ${options.out}.`;
  } finally {
    await store.close();
    await judge?.close();
  }
}

function modelIfAny(env: NodeJS.ProcessEnv, cwd: string, options: ModelOptions): JudgeModel | null {
  try {
    return openJudgeModel(env, { ...options, cwd });
  } catch (error) {
    if (error instanceof TypeError && options.model === null) return null;
    throw error;
  }
}
