import { trace } from "@opentelemetry/api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TracingConfig } from "../../config/schema.ts";
import { mlflowAssessments } from "../../tracing/mlflow-assessments.ts";
import { startTracing, type Tracing } from "../../tracing/start-tracing.ts";
import { startMlflowDouble, type MlflowDouble } from "./mlflow-double.ts";

const config = TracingConfig.parse({
  local: { enabled: false },
  mlflow: {
    tracking_uri: "databricks",
    experiment: "/Users/me/x",
    uc_schema: "main.traces",
    sql_warehouse_id: "w1",
  },
});

let mlflow: MlflowDouble;
let tracing: Tracing;
let tokens = 0;
beforeAll(async () => {
  mlflow = await startMlflowDouble();
  tracing = startTracing(config, {
    service: { name: "test", version: "1", commit: null, config_hash: "c0ffee" },
    workspace: { host: mlflow.url, headers: async () => ({ authorization: `Bearer t${++tokens}` }) },
    traces: { append: async () => {}, prune: async () => 0 },
    onFailure: (_, error) => {
      throw error ?? new Error("export failed");
    },
  });
});
afterAll(async () => {
  await tracing.close();
  await mlflow.close();
});

async function exportOne(name: string): Promise<string> {
  const span = trace.getTracer("test").startSpan(name);
  span.setAttributes({
    "session.id": "t_1",
    "user.id": "u1",
    "mlflow.spanInputs": '{"question":"q"}',
    "mlflow.spanOutputs": '"a"',
    "mlflow.chat.tokenUsage": '{"input_tokens":1,"output_tokens":2,"total_tokens":3}',
  });
  span.end();
  await tracing.flush();
  return span.spanContext().traceId;
}

it("prepares the tables once, registers each trace before its spans, and asks for a token each time", async () => {
  const first = await exportOne("one");
  const second = await exportOne("two");
  const base = "/api/4.0/mlflow/traces";
  const location = "main.traces.mlflow_experiment_trace";
  expect(mlflow.calls.map((call) => `${call.method} ${call.path}`)).toEqual([
    "GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=%2FUsers%2Fme%2Fx",
    "POST /api/2.0/mlflow/experiments/create",
    `POST ${base}/location`,
    `POST ${base}/42/link-location`,
    "POST /api/2.0/mlflow/logged-models/search",
    "POST /api/2.0/mlflow/logged-models",
    "PATCH /api/2.0/mlflow/logged-models/m-1",
    "POST /api/2.0/mlflow/logged-models/search",
    `POST ${base}/${location}/${first}/info`,
    "POST /api/2.0/otel/v1/traces",
    `POST ${base}/${location}/${second}/info`,
    "POST /api/2.0/otel/v1/traces",
  ]);
  const [info, spans, , later] = mlflow.calls.slice(8);
  expect(info?.body).toMatchObject({
    trace_id: `trace:/${location}/${first}`,
    state: "OK",
    request_preview: '{"question":"q"}',
    response_preview: '"a"',
    tags: { "mlflow.traceName": "one" },
    trace_metadata: {
      "mlflow.trace_schema.version": "4",
      "mlflow.experimentId": "42",
      "mlflow.modelId": "m-1",
      "mlflow.trace.session": "t_1",
      "mlflow.trace.user": "u1",
      "mlflow.trace.tokenUsage": '{"input_tokens":1,"output_tokens":2,"total_tokens":3}',
    },
  });
  expect(spans?.headers).toMatchObject({
    "content-type": "application/x-protobuf",
    "x-mlflow-experiment-id": "42",
    "x-databricks-uc-table-name": `${location}_otel_spans`,
  });
  expect(spans?.headers.authorization).not.toBe(later?.headers.authorization);
  expect(mlflow.spans.map((span) => [span.trace_id, span.name])).toEqual([
    [first, "one"],
    [second, "two"],
  ]);
});

it("sends an assessment bare, to the place of the trace", async () => {
  if (tracing.mlflow === null) throw new Error("MLflow is off.");
  const hex = "a".repeat(32);
  mlflow.calls.length = 0;
  const assessment = {
    name: "answered",
    source: { source_type: "HUMAN", source_id: "u1" },
    value: true,
  } as const;
  await mlflowAssessments(tracing.mlflow, "w1").send({ trace: hex, run_id: "r" }, assessment, null);
  const [call] = mlflow.calls;
  expect(call?.path).toBe(
    `/api/4.0/mlflow/traces/main.traces.mlflow_experiment_trace/${hex}/assessments?sql_warehouse_id=w1`,
  );
  expect(call?.body).toEqual({
    trace_id: `trace:/main.traces.mlflow_experiment_trace/${hex}`,
    assessment_name: "answered",
    source: { source_type: "HUMAN", source_id: "u1" },
    feedback: { value: true },
  });
});
