/** Where MLflow wants spans: an open-source tracking server, or a Unity Catalog table of a Databricks workspace. */
import type { TracingConfig } from "../config/schema.ts";
import { experimentId } from "./mlflow-experiment.ts";
import { mlflowClient, MlflowError, type MlflowClient } from "./mlflow-client.ts";
import type { Headers } from "./otlp-exporter.ts";

export type MlflowConfig = NonNullable<TracingConfig["mlflow"]>;

export interface Workspace {
  /** Origin, with its scheme. */
  host: string;
  /** Asked at every export: tokens live an hour. */
  headers: Headers;
}

export interface MlflowDestination {
  url: string;
  headers: Headers;
  client: MlflowClient;
  /** The id under which MLflow knows the trace, from OpenTelemetry's hex id (contracts section 7, "Ids"). */
  traceId(hex: string): string;
  /** `catalog.schema.prefix` of a Unity Catalog destination. */
  location: string | null;
}

const NO_HEADERS: Headers = async () => ({});

/** Opens nothing; the experiment is looked up at the first export and then remembered. */
export function mlflowDestination(config: MlflowConfig, workspace: Workspace | null): MlflowDestination {
  if (config.tracking_uri !== "databricks") return openSource(config);
  if (workspace === null) throw new TypeError("`tracing.mlflow.tracking_uri: databricks` needs a workspace.");
  return unityCatalog(config, workspace);
}

function openSource(config: MlflowConfig): MlflowDestination {
  const client = mlflowClient(config.tracking_uri, NO_HEADERS);
  const experiment = once(() => experimentId(client, config.experiment));
  return {
    url: `${client.base}/v1/traces`,
    headers: async () => ({ "x-mlflow-experiment-id": await experiment() }),
    client,
    traceId: (hex) => `tr-${hex}`,
    location: null,
  };
}

function unityCatalog(config: MlflowConfig, workspace: Workspace): MlflowDestination {
  const client = mlflowClient(workspace.host, workspace.headers);
  const location = `${config.uc_schema ?? "main.default"}.${config.uc_table_prefix}`;
  const prepared = once(async () => {
    const experiment = await experimentId(client, config.experiment);
    await linkLocation(client, config, experiment);
    return experiment;
  });
  return {
    url: `${client.base}/api/2.0/otel/v1/traces`,
    headers: async () => ({
      ...(await workspace.headers()),
      "x-mlflow-experiment-id": await prepared(),
      "X-Databricks-UC-Table-Name": `${location}_otel_spans`,
    }),
    client,
    traceId: (hex) => `trace:/${location}/${hex}`,
    location,
  };
}

/** Two steps: the tables of the schema, then their link to the experiment. 409 means that it is done. */
async function linkLocation(
  client: MlflowClient,
  config: MlflowConfig,
  experiment_id: string,
): Promise<void> {
  const [catalog_name = "", schema_name = ""] = (config.uc_schema ?? "main.default").split(".");
  const uc_schema = { catalog_name, schema_name };
  const { sql_warehouse_id } = config;
  await unlessThere(client.send("POST", "/api/4.0/mlflow/traces/location", { uc_schema, sql_warehouse_id }));
  const link = `/api/4.0/mlflow/traces/${experiment_id}/link-location`;
  await unlessThere(client.send("POST", link, { experiment_id, uc_schema }));
}

async function unlessThere(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof MlflowError && error.status === 409)) throw error;
  }
}

/** Remembers success; a failure is tried again at the next export. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | null = null;
  return () => {
    done ??= work().catch((error: unknown) => {
      done = null;
      throw error;
    });
    return done;
  };
}
