/** The model that judges and plays users: the configuration's `models.judge`, or one named on the command line. */
import { createBackends } from "../../backends/registry.ts";
import type { ChatModel } from "../../backends/chat-model.ts";
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import { ModelEndpointConfig } from "../../config/schema.ts";

export interface JudgeModelOptions {
  config: string;
  /** Base URL of an OpenAI-compatible server. */
  model_url: string | null;
  model: string | null;
  /** The environment variable with the key of that server. */
  model_key: string | null;
  cwd: string;
}

export interface JudgeModel {
  model: ChatModel;
  close(): Promise<void>;
}

/** Throws `ConfigError`, and `TypeError` where no model is named. */
export function openJudgeModel(env: NodeJS.ProcessEnv, options: JudgeModelOptions): JudgeModel {
  const read = readConfigFiles({ ...env, ORCHESTRATOR_CONFIG: options.config }, options.cwd);
  const all = { SANDBOX_URL: "http://127.0.0.1:9", ...read.env };
  const config = loadConfig(all, read.files);
  const judge = options.model_url === null ? config.models.judge : named(options, env);
  const backends = createBackends({ ...config, models: { ...config.models, judge } }, { env: all });
  const { judge: model } = backends.models;
  if (model !== null) return { model, close: () => backends.close() };
  throw new TypeError(
    "No model judges: set models.judge in the configuration, or give --model-url and --model (with --model-key <variable> for its key).",
  );
}

function named(
  { model_url, model, model_key }: JudgeModelOptions,
  env: NodeJS.ProcessEnv,
): ModelEndpointConfig {
  if (model === null) throw new TypeError("--model-url needs --model.");
  const api_key = model_key === null ? undefined : env[model_key];
  if (model_key !== null && !api_key)
    throw new TypeError(`--model-key names ${model_key}, which is not set.`);
  return ModelEndpointConfig.parse({
    base_url: model_url,
    model,
    ...(api_key === undefined ? {} : { api_key }),
  });
}
