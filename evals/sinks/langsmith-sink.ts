/** A run in LangSmith: the questions as a dataset, the answers as an experiment over it, every score as feedback. */
import { createHash } from "node:crypto";
import type { Client } from "langsmith";
import type { SentCase, SentRun } from "./sent-run.ts";

export interface SentExperiment {
  dataset: string;
  experiment: string;
  examples: number;
  runs: number;
  feedback: number;
}

export async function sendToLangSmith(
  client: Client,
  dataset: string,
  sent: SentRun,
): Promise<SentExperiment> {
  const dataset_id = await findDataset(client, dataset);
  const examples = await addExamples(client, dataset_id, sent.cases);
  const experiment = `${dataset}-${new Date(sent.time).toISOString().replaceAll(/[:.]/g, "-")}`;
  const project = await client.createProject({
    projectName: experiment,
    referenceDatasetId: dataset_id,
    metadata: { ...sent.params, ...sent.metrics },
    upsert: true,
  });
  let feedback = 0;
  for (const one of sent.cases) {
    const id = uuidOf(`${experiment} ${one.id}`);
    await client.createRun({
      id,
      name: one.id,
      run_type: "chain",
      project_name: experiment,
      reference_example_id: exampleId(dataset_id, one),
      start_time: sent.time,
      end_time: sent.time + Math.round(one.latency_ms),
      inputs: one.inputs,
      outputs: { answer: one.answer },
      ...(one.error === null ? {} : { error: one.error }),
    });
    for (const { name, value, source, rationale } of one.scores) {
      await client.createFeedback(id, name, {
        score: value,
        ...(rationale === undefined ? {} : { comment: rationale }),
        feedbackSourceType: source.source_type === "LLM_JUDGE" ? "model" : "api",
        sourceInfo: { source_id: source.source_id },
        sessionId: project.id,
      });
      feedback += 1;
    }
  }
  await client.awaitPendingTraceBatches();
  return { dataset, experiment, examples, runs: sent.cases.length, feedback };
}

async function findDataset(client: Client, name: string): Promise<string> {
  if (await client.hasDataset({ datasetName: name }))
    return (await client.readDataset({ datasetName: name })).id;
  return (await client.createDataset(name, { description: "Questions of npm run evals." })).id;
}

/** Ids come from the questions, so that a second run over the same dataset adds only what is new. */
async function addExamples(client: Client, dataset_id: string, cases: readonly SentCase[]): Promise<number> {
  const known = new Set<string>();
  for await (const { id } of client.listExamples({ datasetId: dataset_id })) known.add(id);
  const fresh = cases.filter((one) => !known.has(exampleId(dataset_id, one)));
  if (fresh.length === 0) return 0;
  await client.createExamples(
    fresh.map((one) => ({
      id: exampleId(dataset_id, one),
      dataset_id,
      inputs: one.inputs,
      outputs: one.expectations,
      metadata: { case: one.id },
      split: one.split,
    })),
  );
  return fresh.length;
}

function exampleId(dataset_id: string, { id, inputs }: SentCase): string {
  return uuidOf(JSON.stringify([dataset_id, id, inputs]));
}

/** A UUID (version 8, RFC 9562) out of a SHA-256. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
