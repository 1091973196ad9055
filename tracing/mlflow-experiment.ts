/** Finds the configured experiment by id or name, and creates it when it is missing. */
import { MlflowError, type MlflowClient } from "./mlflow-client.ts";

export async function experimentId(client: MlflowClient, experiment: string): Promise<string> {
  if (/^\d+$/.test(experiment)) return experiment;
  const found = await byName(client, experiment);
  if (found !== null) return found;
  try {
    const created = await client.send("POST", "/api/2.0/mlflow/experiments/create", { name: experiment });
    return String(created.experiment_id);
  } catch (error) {
    // Another process may have been faster.
    const raced = error instanceof MlflowError && error.code === "RESOURCE_ALREADY_EXISTS";
    const existing = raced ? await byName(client, experiment) : null;
    if (existing !== null) return existing;
    throw error;
  }
}

async function byName(client: MlflowClient, name: string): Promise<string | null> {
  try {
    const { experiment } = await client.get("/api/2.0/mlflow/experiments/get-by-name", {
      experiment_name: name,
    });
    return (experiment as { experiment_id?: string } | undefined)?.experiment_id ?? null;
  } catch (error) {
    if (error instanceof MlflowError && error.code === "RESOURCE_DOES_NOT_EXIST") return null;
    throw error;
  }
}
