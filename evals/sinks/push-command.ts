/** `npm run evals -- push <folder>`: a finished run into MLflow or LangSmith. */
import { parseArgs } from "node:util";
import { createBackends } from "../../backends/registry.ts";
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import { mlflowClient } from "../../tracing/mlflow-client.ts";
import { sendToLangSmith } from "./langsmith-sink.ts";
import { sendToMlflow } from "./mlflow-sink.ts";
import { readSentRun, type SentRun } from "./sent-run.ts";

export interface PushOptions {
  folder: string;
  /** Tracking server, or `databricks` for the configured workspace. */
  mlflow: string | null;
  experiment: string;
  /** Name of the dataset in LangSmith. */
  langsmith: string | null;
  config: string | null;
}

export function pushOptions(args: string[]): PushOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      mlflow: { type: "string" },
      experiment: { type: "string", default: "orchestrator-evals" },
      langsmith: { type: "string" },
      config: { type: "string" },
    },
  });
  const [folder] = positionals;
  if (folder === undefined)
    throw new TypeError("push needs the folder of a run, such as evals/reports/<time>.");
  const { mlflow = null, langsmith = null, config = null, experiment } = values;
  if (mlflow === null && langsmith === null)
    throw new TypeError("push needs --mlflow <address or databricks>, or --langsmith <dataset>.");
  return { folder, mlflow, experiment, langsmith, config };
}

/** Returns a sentence per destination. */
export async function push(env: NodeJS.ProcessEnv, cwd: string, options: PushOptions): Promise<string> {
  const sent = readSentRun(options.folder);
  const said: string[] = [];
  if (options.mlflow !== null) said.push(await toMlflow(env, cwd, options.mlflow, options, sent));
  if (options.langsmith !== null) said.push(await toLangSmith(env, options.langsmith, sent));
  return said.join("\n");
}

async function toMlflow(
  env: NodeJS.ProcessEnv,
  cwd: string,
  uri: string,
  { experiment, config: file }: PushOptions,
  sent: SentRun,
): Promise<string> {
  if (uri !== "databricks")
    return mlflowText(
      await sendToMlflow(
        mlflowClient(uri, async () => ({})),
        experiment,
        sent,
      ),
    );
  const read = readConfigFiles({ ...env, ...(file === null ? {} : { ORCHESTRATOR_CONFIG: file }) }, cwd);
  const config = loadConfig(read.env, read.files);
  const backends = createBackends(config, { env: read.env });
  const headers = async () => {
    const token = await backends.credentials.app.token(AbortSignal.timeout(10_000));
    return { authorization: `Bearer ${token.reveal()}` };
  };
  try {
    return mlflowText(await sendToMlflow(mlflowClient(backends.services.host, headers), experiment, sent));
  } finally {
    await backends.close();
  }
}

function mlflowText({
  run,
  traces,
  assessments,
  untraced,
}: Awaited<ReturnType<typeof sendToMlflow>>): string {
  const hint =
    untraced === 0 ? "" : `; ${untraced} cases have no trace there (was tracing.mlflow on during the run?)`;
  return `MLflow: ${run}, ${traces} traces linked, ${assessments} assessments${hint}.`;
}

async function toLangSmith(env: NodeJS.ProcessEnv, dataset: string, sent: SentRun): Promise<string> {
  const { LANGSMITH_API_KEY: apiKey, LANGSMITH_ENDPOINT: apiUrl } = env;
  if (!apiKey) throw new TypeError("LangSmith needs LANGSMITH_API_KEY.");
  const { Client } = await import("langsmith");
  const client = new Client({ apiKey, ...(apiUrl ? { apiUrl } : {}) });
  const { experiment, examples, runs, feedback } = await sendToLangSmith(client, dataset, sent);
  return `LangSmith: experiment ${experiment} over ${dataset}: ${examples} new examples, ${runs} runs, ${feedback} scores.`;
}
