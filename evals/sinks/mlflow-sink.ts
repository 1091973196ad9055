/** A run in MLflow: parameters, metrics, the traces linked, and every score as an assessment of its trace (contracts section 7). */
import { mlflowAssessments } from "../../tracing/mlflow-assessments.ts";
import { MlflowError, type MlflowClient } from "../../tracing/mlflow-client.ts";
import { experimentId } from "../../tracing/mlflow-experiment.ts";
import type { SentCase, SentRun } from "./sent-run.ts";

export interface Sent {
  /** Where it can be looked at. */
  run: string;
  traces: number;
  assessments: number;
  /** Cases whose trace MLflow does not know: it was off, or has forgotten. */
  untraced: number;
}

/** Most that MLflow takes at once. */
const MOST_METRICS = 1_000;
const MOST_LINKED = 100;

export async function sendToMlflow(client: MlflowClient, experiment: string, sent: SentRun): Promise<Sent> {
  const experiment_id = await experimentId(client, experiment);
  const run_id = await createRun(client, experiment_id, sent);
  const { time: timestamp, metrics, params } = sent;
  await client.send("POST", "/api/2.0/mlflow/runs/log-batch", {
    run_id,
    metrics: Object.entries(metrics)
      .slice(0, MOST_METRICS)
      .map(([key, value]) => ({ key, value, timestamp, step: 0 })),
    params: Object.entries(params).map(([key, value]) => ({ key, value })),
  });
  const traced = sent.cases.filter(({ trace_id }) => trace_id?.startsWith("tr-") === true);
  let assessments = 0;
  const known: SentCase[] = [];
  for (const one of traced) {
    const count = await assess(client, one);
    if (count === null) continue;
    known.push(one);
    assessments += count;
  }
  for (let from = 0; from < known.length; from += MOST_LINKED) {
    const trace_ids = known.slice(from, from + MOST_LINKED).map(({ trace_id }) => trace_id);
    await client.send("POST", "/api/2.0/mlflow/traces/link-to-run", { trace_ids, run_id });
  }
  await client.send("POST", "/api/2.0/mlflow/runs/update", {
    run_id,
    status: "FINISHED",
    end_time: Date.now(),
  });
  return {
    run: `${client.base}/#/experiments/${experiment_id}/runs/${run_id}`,
    traces: known.length,
    assessments,
    untraced: sent.cases.length - known.length,
  };
}

async function createRun(
  client: MlflowClient,
  experiment_id: string,
  { name, time }: SentRun,
): Promise<string> {
  const created = await client.send("POST", "/api/2.0/mlflow/runs/create", {
    experiment_id,
    run_name: name,
    start_time: time,
    tags: [{ key: "mlflow.source.name", value: "npm run evals" }],
  });
  const info = (created.run as { info?: { run_id?: string } } | undefined)?.info;
  if (info?.run_id !== undefined) return info.run_id;
  throw new TypeError("MLflow created no run.");
}

/** How many scores went in; null where the trace is not there. */
async function assess(client: MlflowClient, { trace_id, scores }: SentCase): Promise<number | null> {
  const hex = (trace_id ?? "").slice("tr-".length);
  const destination = { client, location: null, traceId: (id: string) => `tr-${id}` };
  const target = mlflowAssessments(destination, undefined, []);
  try {
    for (const score of scores) await target.send({ trace: hex, run_id: "" }, score, null);
    return scores.length;
  } catch (error) {
    if (error instanceof MlflowError && error.status === 404) return null;
    throw error;
  }
}
