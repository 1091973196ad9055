/** What runs, as MLflow's version tracking knows it: one LoggedModel per commit and configuration. */
import type { MlflowClient } from "./mlflow-client.ts";

/** What answers depend on. */
export interface Version {
  name: string;
  version: string;
  /** Null where there is no repository, as in a deployed app. */
  commit: string | null;
  config_hash: string;
}

const MODELS = "/api/2.0/mlflow/logged-models";

/** Id of the model of this version, which is made when it is missing. Throws `MlflowError`. */
export async function loggedModelId(
  client: MlflowClient,
  experiment_id: string,
  version: Version,
): Promise<string> {
  const name = modelName(version);
  const found = await oldest(client, experiment_id, name);
  if (found !== null) return found;
  const params = [
    { key: "version", value: version.version },
    { key: "config_hash", value: version.config_hash },
  ];
  const tags = version.commit === null ? [] : [{ key: "mlflow.source.git.commit", value: version.commit }];
  const created = await client.send("POST", MODELS, {
    experiment_id,
    name,
    model_type: "agent",
    params,
    tags,
  });
  const model_id = idOf(created.model);
  if (model_id === null) throw new TypeError("MLflow made a model without an id.");
  await client.send("PATCH", `${MODELS}/${model_id}`, { model_id, status: "LOGGED_MODEL_READY" });
  // Names are not unique: processes that start together agree on the first one.
  return (await oldest(client, experiment_id, name)) ?? model_id;
}

/** MLflow allows neither dots nor slashes nor colons in it. */
export function modelName({ name, version, commit, config_hash }: Version): string {
  const code = commit === null ? version : commit.slice(0, 12);
  return [name, code, config_hash.slice(0, 12)].join("-").replaceAll(/[^\w-]/g, "_");
}

async function oldest(client: MlflowClient, experiment_id: string, name: string): Promise<string | null> {
  const { models } = await client.send("POST", `${MODELS}/search`, {
    experiment_ids: [experiment_id],
    filter: `name = '${name}'`,
    max_results: 1,
    order_by: [{ field_name: "creation_timestamp", ascending: true }],
  });
  return Array.isArray(models) ? idOf(models[0]) : null;
}

function idOf(model: unknown): string | null {
  const { info } = (typeof model === "object" && model !== null ? model : {}) as {
    info?: { model_id?: unknown };
  };
  return typeof info?.model_id === "string" ? info.model_id : null;
}
