/** `evals promote` and `evals label`: from what people said of answers to labels that train or test the router. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import type { OrchestratorConfig } from "../../config/schema.ts";
import { appendPromoted, readPromoted } from "../../routing/promoted-file.ts";
import { textHash } from "../../routing/text/text-hash.ts";
import { createStore } from "../../store/create-store.ts";
import { createRedact } from "../../tracing/redact.ts";
import { DATASETS, readDataset, turnsOf } from "../case.ts";
import { seededRandom } from "../../routing/random.ts";
import { Candidate } from "./candidate.ts";
import { chooseCandidates } from "./choose.ts";
import { sortLabels } from "./labels.ts";
import type { LabelOptions, PromoteOptions } from "./options.ts";

export type Env = Record<string, string | undefined>;

const MOST = 100_000;
/** A share of 2 % of what nobody complained about, and close calls below ten points. */
const SAMPLE = 0.02;
const MARGIN = 0.1;

/** Returns one sentence for the terminal. */
export async function promote(env: Env, cwd: string, options: PromoteOptions): Promise<string> {
  const config = configOf(env, cwd);
  const store = await createStore(config.persistence, { env });
  try {
    const responses = await store.responses.since(options.since, MOST);
    const feedback = await store.feedback.since(options.since, MOST);
    const before = existsSync(options.out) ? readCandidates(options.out) : [];
    const known = new Set([...taken(config, options.tests), ...before.map(({ hash }) => hash)]);
    const random = seededRandom(options.seed);
    const redact = createRedact(config.tracing.redact);
    const rules = { sample: SAMPLE, margin: MARGIN, random, redact, known };
    const chosen = chooseCandidates(responses, feedback, rules);
    appendFileSync(options.out, chosen.map((candidate) => `${JSON.stringify(candidate)}\n`).join(""));
    return `${responses.length} answers, ${chosen.length} new candidates in ${options.out}.`;
  } finally {
    await store.close();
  }
}

export function label(env: Env, cwd: string, options: LabelOptions): string {
  const config = configOf(env, cwd);
  const file = config.routing.promoted_file;
  if (file === undefined) throw new TypeError("Set routing.promoted_file, where labels for the router go.");
  const unknown = (names: readonly string[]) =>
    names.find((name) => !config.backends.some((backend) => backend.name === name));
  const candidates = readCandidates(options.candidates);
  const { train, test, unlabelled } = sortLabels(candidates, taken(config, options.tests), options.accept);
  const wrong = unknown([...train, ...test.map(({ expect }) => expect)].flatMap(({ backends }) => backends));
  if (wrong !== undefined)
    throw new TypeError(`A label names the backend "${wrong}", which is not configured.`);
  appendPromoted(file, train);
  if (test.length > 0) appendFileSync(options.tests, test.map((one) => `${JSON.stringify(one)}\n`).join(""));
  return `${train.length} labels train the router (${file}), ${test.length} test it (${options.tests}), ${unlabelled} have no label yet.`;
}

/** Questions that train or test already. */
function taken(config: OrchestratorConfig, tests: string): ReadonlySet<string> {
  const files = [...DATASETS, tests].filter((each) => existsSync(each));
  const asked = files.flatMap(readDataset).flatMap(turnsOf);
  const learned = readPromoted(config.routing.promoted_file).map(({ text }) => text);
  return new Set([...asked, ...learned].map(textHash));
}

function readCandidates(file: string): Candidate[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => Candidate.parse(JSON.parse(line)));
}

function configOf(env: Env, cwd: string): OrchestratorConfig {
  const read = readConfigFiles(env, cwd);
  return loadConfig({ SANDBOX_URL: "http://127.0.0.1:9", ...read.env }, read.files);
}
