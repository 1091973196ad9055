/** Judgements as MLflow assessments: both forms of trace ids, PATCH on change, patience while a trace is not there yet. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Assessment, AssessmentTarget } from "./assessment.ts";
import { MlflowError } from "./mlflow-client.ts";
import type { MlflowDestination } from "./mlflow-destination.ts";

/** A trace is exported a moment after its answer. Waits between tries, in milliseconds. */
const WAITS_MS = [500, 1_000, 2_000, 4_000, 8_000];

export function mlflowAssessments(
  destination: Pick<MlflowDestination, "client" | "location" | "traceId">,
  warehouse: string | undefined,
  waits: readonly number[] = WAITS_MS,
): AssessmentTarget {
  const { client, location } = destination;
  const base = (hex: string) =>
    location === null
      ? `/api/3.0/mlflow/traces/tr-${hex}/assessments`
      : `/api/4.0/mlflow/traces/${location}/${hex}/assessments`;
  const query = location === null || warehouse === undefined ? "" : `?sql_warehouse_id=${encodeURIComponent(warehouse)}`; // prettier-ignore
  return {
    name: "mlflow",
    async send({ trace }, assessment, before) {
      const trace_id = destination.traceId(trace);
      const change = changed(trace_id, assessment);
      const whole = { ...change, ...rest(assessment) };
      const reply = await patiently(waits, () =>
        before === null
          ? // The newer route takes the assessment bare, the older one inside `assessment`.
            client.send("POST", `${base(trace)}${query}`, location === null ? { assessment: whole } : whole)
          : client.send("PATCH", `${base(trace)}/${before}${query}`, {
              assessment: change,
              update_mask: assessment.rationale === undefined ? "feedback" : "feedback,rationale",
            }),
      );
      return idIn(reply) ?? before ?? "";
    },
  };
}

/** What may change: `source` may not be sent again. */
function changed(trace_id: string, { name, value, rationale }: Assessment) {
  return {
    trace_id,
    assessment_name: name,
    feedback: { value },
    ...(rationale === undefined ? {} : { rationale }),
  };
}

function rest({ source, metadata, span_id }: Assessment) {
  return {
    source,
    ...(metadata === undefined ? {} : { metadata }),
    ...(span_id === undefined ? {} : { span_id }),
  };
}

function idIn(reply: Record<string, unknown>): string | null {
  const inner = typeof reply.assessment === "object" && reply.assessment !== null ? reply.assessment : reply;
  const id: unknown = Reflect.get(inner, "assessment_id");
  return typeof id === "string" ? id : null;
}

/** Only 404 is repeated: everything else will not become better. */
async function patiently<T>(waits: readonly number[], work: () => Promise<T>): Promise<T> {
  for (const wait of waits) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof MlflowError) || error.status !== 404) throw error;
      await sleep(wait, undefined, { ref: false });
    }
  }
  return work();
}
