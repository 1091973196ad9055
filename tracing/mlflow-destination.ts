/** Where MLflow wants traces: an open-source server, a Databricks experiment, or a table in Unity Catalog. */
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { TracingConfig } from "../config/schema.ts";
import { mlflowArtifactExporter } from "./mlflow-artifact-exporter.ts";
import { mlflowClient, MlflowError, type MlflowClient } from "./mlflow-client.ts";
import { experimentId } from "./mlflow-experiment.ts";
import { loggedModelId, type Version } from "./mlflow-model.ts";
import { registeringExporter } from "./mlflow-registering-exporter.ts";
import { mlflowTraceInfo } from "./mlflow-trace-info.ts";
import { otlpExporter, type Headers } from "./otlp-exporter.ts";

export type MlflowConfig = NonNullable<TracingConfig["mlflow"]>;

export interface Workspace {
  /** Origin, with its scheme. */
  host: string;
  /** Asked at every export: tokens live an hour. */
  headers: Headers;
}

export interface MlflowDestination {
  client: MlflowClient;
  exporter: SpanExporter;
  /** The id under which MLflow knows the trace, from OpenTelemetry's hex id (contracts section 7, "Ids"). */
  traceId(hex: string): string;
  /** `catalog.schema.prefix` of a Unity Catalog destination. */
  location: string | null;
}

const NO_HEADERS: Headers = async () => ({});

/** Opens nothing; experiment and version are looked up at the first export and then remembered. */
export function mlflowDestination(
  config: MlflowConfig,
  workspace: Workspace | null,
  version: Version,
): MlflowDestination {
  if (config.tracking_uri !== "databricks") {
    const client = mlflowClient(config.tracking_uri, NO_HEADERS);
    const place = placeOf(client, version, () => experimentId(client, config.experiment));
    const headers = async () => ({ "x-mlflow-experiment-id": await place.experiment() });
    const spans = otlpExporter(`${client.base}/v1/traces`, headers);
    const exporter = registeringExporter({ register: registerV3(place), required: false }, spans);
    return { client, exporter, traceId: idV3, location: null };
  }
  if (workspace === null) throw new TypeError("`tracing.mlflow.tracking_uri: databricks` needs a workspace.");
  const client = mlflowClient(workspace.host, workspace.headers);
  if (config.uc_schema !== undefined)
    return unityCatalog(config, config.uc_schema, { client, workspace, version });
  const place = placeOf(client, version, () => experimentId(client, config.experiment));
  const exporter = mlflowArtifactExporter({ client, register: registerV3(place), traceId: idV3 });
  return { client, exporter, traceId: idV3, location: null };
}

function idV3(hex: string): string {
  return `tr-${hex}`;
}

interface Place {
  client: MlflowClient;
  experiment: () => Promise<string>;
  /** Null where the server keeps no versions. */
  model: () => Promise<string | null>;
}

function placeOf(client: MlflowClient, version: Version, find: () => Promise<string>): Place {
  const experiment = once(find);
  const model = once(async () => {
    try {
      return await loggedModelId(client, await experiment(), version);
    } catch (error) {
      if (error instanceof MlflowError && error.status < 500) return null;
      throw error;
    }
  });
  return { client, experiment, model };
}

function registerV3({ client, experiment, model }: Place) {
  return async (root: ReadableSpan): Promise<void> => {
    const experiment_id = await experiment();
    const facts = { schema: "3", experiment: experiment_id, model: await model() } as const;
    const info = mlflowTraceInfo(root, { ...facts, trace_id: idV3(root.spanContext().traceId) });
    const trace_location = { type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id } };
    await client.send("POST", "/api/3.0/mlflow/traces", {
      trace: { trace_info: { ...info, trace_location } },
    });
  };
}

function unityCatalog(
  config: MlflowConfig,
  schema: string,
  { client, workspace, version }: { client: MlflowClient; workspace: Workspace; version: Version },
): MlflowDestination {
  const location = `${schema}.${config.uc_table_prefix}`;
  const traceId = (hex: string) => `trace:/${location}/${hex}`;
  const place = placeOf(client, version, async () => {
    const experiment = await experimentId(client, config.experiment);
    await linkLocation(client, { schema, warehouse: config.sql_warehouse_id, experiment });
    return experiment;
  });
  const headers = async () => ({
    ...(await workspace.headers()),
    "x-mlflow-experiment-id": await place.experiment(),
    "X-Databricks-UC-Table-Name": `${location}_otel_spans`,
  });
  const register = async (root: ReadableSpan): Promise<void> => {
    const hex = root.spanContext().traceId;
    const facts = { schema: "4", experiment: await place.experiment(), model: await place.model() } as const;
    const info = mlflowTraceInfo(root, { ...facts, trace_id: traceId(hex) });
    await client.send("POST", `/api/4.0/mlflow/traces/${location}/${hex}/info`, info);
  };
  const spans = otlpExporter(`${client.base}/api/2.0/otel/v1/traces`, headers);
  return { client, exporter: registeringExporter({ register, required: true }, spans), traceId, location };
}

/** Two steps: the tables of the schema, then their link to the experiment. 409 means that it is done. */
async function linkLocation(
  client: MlflowClient,
  { schema, warehouse, experiment }: { schema: string; warehouse: string | undefined; experiment: string },
): Promise<void> {
  const [catalog_name = "", schema_name = ""] = schema.split(".");
  const uc_schema = { catalog_name, schema_name };
  const tables = { uc_schema, sql_warehouse_id: warehouse };
  await unlessThere(client.send("POST", "/api/4.0/mlflow/traces/location", tables));
  const link = `/api/4.0/mlflow/traces/${experiment}/link-location`;
  await unlessThere(client.send("POST", link, { experiment_id: experiment, uc_schema }));
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
