/** LangSmith, natively through its callbacks: its OpenTelemetry mode shows no nodes of a graph (DESIGN section 4). */
import type { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Assessment, AssessmentTarget } from "./assessment.ts";
import { createContent, type CaptureConfig } from "./content.ts";

export interface LangSmith {
  /** For `invoke`: one run per node, named as the node, under the id of our run. */
  observed: (run_id: string, unstored: boolean) => { callbacks: BaseCallbackHandler[]; runId: string };
  feedback: AssessmentTarget;
  /** Resolves when what waits was tried, or after a few seconds. */
  flush(): Promise<void>;
}

export type LangSmithEnv = Record<string, string | undefined>;

const FLUSH_MS = 3_000;

/** Loaded only where it is on: the client costs memory and time. */
export async function openLangSmith(config: CaptureConfig, env: LangSmithEnv): Promise<LangSmith> {
  const [{ Client }, { LangChainTracer }] = await Promise.all([
    import("langsmith"),
    import("@langchain/core/tracers/tracer_langchain"),
  ]);
  const projectName = env.LANGSMITH_PROJECT ?? "default";
  const clientOf = (capture: CaptureConfig["capture"]) =>
    new Client({
      apiUrl: env.LANGSMITH_ENDPOINT,
      apiKey: env.LANGSMITH_API_KEY,
      ...hiding({ ...config, capture, capture_unstored: capture }),
    });
  const client = clientOf(config.capture);
  const discreet = clientOf(config.capture_unstored);
  let project: string | undefined;
  return {
    observed: (run_id, unstored) => ({
      callbacks: [new LangChainTracer({ client: unstored ? discreet : client, projectName })],
      runId: langSmithRunId(run_id),
    }),
    feedback: {
      name: "langsmith",
      async send({ run_id }, assessment, before) {
        if (before !== null) {
          await client.updateFeedback(before, changed(assessment));
          return before;
        }
        project ??= (await client.readProject({ projectName })).id;
        const { id } = await client.createFeedback(langSmithRunId(run_id), assessment.name, {
          ...changed(assessment),
          feedbackSourceType: assessment.source.source_type === "LLM_JUDGE" ? "model" : "api",
          sourceInfo: { source_id: assessment.source.source_id },
          sessionId: project,
        });
        return id;
      },
    },
    flush: async () => {
      const late = new Promise<void>((resolve) => setTimeout(resolve, FLUSH_MS).unref());
      const sent = [client, discreet].map((each) => each.awaitPendingTraceBatches());
      await Promise.race([Promise.all(sent), late]);
    },
  };
}

/** The run's id as LangSmith wants it: a UUID. */
export function langSmithRunId(run_id: string): string {
  return run_id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function changed({ value, rationale }: Assessment) {
  const score = typeof value === "boolean" || typeof value === "number" ? { score: value } : {};
  return {
    ...score,
    ...(typeof value === "string" ? { value } : {}),
    ...(Array.isArray(value) ? { value: value.join(", ") } : {}),
    ...(rationale === undefined ? {} : { comment: rationale }),
  };
}

/** What our own spans hold back, LangSmith does not get either. */
function hiding(config: CaptureConfig) {
  const content = createContent(config);
  const shown = (values: Record<string, unknown>): Record<string, unknown> => {
    // Messages are classes: as JSON they have the form that LangSmith knows.
    const plain: unknown = JSON.parse(JSON.stringify(values));
    const text = content.inputs(plain)["mlflow.spanInputs"];
    return typeof text === "string" ? (JSON.parse(text) as Record<string, unknown>) : {};
  };
  return { hideInputs: shown, hideOutputs: shown };
}
