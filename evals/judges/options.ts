/** The command lines of `evals judge`, `evals simulate` and `evals distil`. */
import { parseArgs } from "node:util";
import { MODEL_FLAGS, namedModel, positive, since, SINCE_FLAG, type NamedModel } from "../flags.ts";

export const SCENARIOS = "evals/datasets/scenarios.jsonl";
const SESSIONS = "evals/datasets/sessions.jsonl";

export interface ModelOptions {
  config: string;
  /** Null: the configuration's `models.judge`. */
  model: NamedModel | null;
  timeout_ms: number;
  concurrency: number;
}

export interface JudgeRunOptions extends ModelOptions {
  /** Folder of a run of the evaluations. */
  folder: string;
  dataset: string;
  /** Names of judges; null asks all. */
  judges: string[] | null;
  /** JSONL of what people say of the same pieces. */
  labels: string | null;
  limit: number;
}

export interface SimulateRunOptions extends ModelOptions {
  scenarios: string;
  url: string | null;
  labels: string | null;
}

export interface DistilOptions extends ModelOptions {
  out: string;
  /** Epoch milliseconds. */
  since: number;
}

const MODEL = {
  config: { type: "string", default: "config/sandbox.yaml" },
  ...MODEL_FLAGS,
  timeout: { type: "string", default: "60" },
  concurrency: { type: "string", default: "4" },
} as const;

export function judgeOptions(args: string[]): JudgeRunOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...MODEL,
      dataset: { type: "string", default: "evals/datasets/routing.jsonl" },
      judges: { type: "string" },
      labels: { type: "string" },
      limit: { type: "string" },
    },
  });
  const [folder] = positionals;
  if (folder === undefined)
    throw new TypeError("judge needs the folder of a run, such as evals/reports/<time>.");
  return {
    ...modelOptions(values),
    folder,
    dataset: values.dataset,
    judges: values.judges?.split(",") ?? null,
    labels: values.labels ?? null,
    limit: values.limit === undefined ? Number.POSITIVE_INFINITY : positive("--limit", values.limit),
  };
}

export function simulateOptions(args: string[]): SimulateRunOptions {
  const options = {
    ...MODEL,
    scenarios: { type: "string", default: SCENARIOS },
    url: { type: "string" },
    labels: { type: "string" },
  } as const;
  const { values } = parseArgs({ args, options });
  return {
    ...modelOptions(values),
    scenarios: values.scenarios,
    url: values.url?.replace(/\/$/, "") ?? null,
    labels: values.labels ?? null,
  };
}

export function distilOptions(args: string[]): DistilOptions {
  const options = {
    ...MODEL,
    out: { type: "string", default: SESSIONS },
    since: SINCE_FLAG,
  } as const;
  const { values } = parseArgs({ args, options });
  return { ...modelOptions(values), out: values.out, since: since(values.since) };
}

function modelOptions(
  values: Parameters<typeof namedModel>[0] & { config: string; timeout: string; concurrency: string },
): ModelOptions {
  return {
    config: values.config,
    model: namedModel(values),
    timeout_ms: positive("--timeout", values.timeout) * 1_000,
    concurrency: positive("--concurrency", values.concurrency),
  };
}
