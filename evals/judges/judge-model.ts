/** The model that judges and plays users: the configuration's `models.judge`, or one named on the command line. */
import { createBackends } from "../../backends/registry.ts";
import type { ChatModel } from "../../backends/chat-model.ts";
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import { ModelEndpointConfig } from "../../config/schema.ts";
import type { NamedModel } from "../flags.ts";

export interface JudgeModelOptions {
  config: string;
  /** Null: the configuration's `models.judge`. */
  model: NamedModel | null;
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
  const judge = options.model === null ? config.models.judge : named(options.model, env);
  const backends = createBackends({ ...config, models: { ...config.models, judge } }, { env: all });
  const { judge: model } = backends.models;
  if (model !== null) return { model, close: () => backends.close() };
  throw new TypeError(
    "No model judges: set models.judge in the configuration, or give --model-url and --model (with --model-key <variable> for its key).",
  );
}

function named({ url, model, keyVariable }: NamedModel, env: NodeJS.ProcessEnv): ModelEndpointConfig {
  const api_key = keyVariable === null ? undefined : env[keyVariable];
  if (keyVariable !== null && !api_key)
    throw new TypeError(`--model-key names ${keyVariable}, which is not set.`);
  return ModelEndpointConfig.parse({
    base_url: url,
    model,
    ...(api_key === undefined ? {} : { api_key }),
  });
}
