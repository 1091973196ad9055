/** Traces in a Databricks experiment, without Unity Catalog: registered, then uploaded to a signed address. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TracingConfig } from "../../config/schema.ts";
import { startTracing, type Tracing } from "../../tracing/start-tracing.ts";
import { startMlflowDouble, type MlflowDouble } from "./mlflow-double.ts";
import { mlflowProgram } from "./mlflow-server.ts";

let mlflow: MlflowDouble;
let tracing: Tracing;
let tokens = 0;
beforeAll(async () => {
  mlflow = await startMlflowDouble();
  const config = TracingConfig.parse({
    local: { enabled: false },
    mlflow: { tracking_uri: "databricks", experiment: "/Users/me/x" },
  });
  tracing = startTracing(config, {
    service: { name: "test", version: "1", commit: "abc", config_hash: "c0ffee" },
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

function record(name: string): string {
  const root = trace.getTracer("test").startSpan(name);
  const id = root.spanContext().traceId;
  const parent = trace.setSpan(ROOT_CONTEXT, root);
  const tool = trace.getTracer("test").startSpan("execute_tool docs", {}, parent);
  tool.setAttributes({ "mlflow.spanType": '"TOOL"', "backend.attempts": 1 });
  tool.end();
  root.setAttributes({ "mlflow.spanInputs": '{"question":"q"}', "session.id": "t_1" });
  root.end();
  return id;
}

it("registers each trace with its version, asks where to put its spans, and puts all of them there", async () => {
  const first = record("one");
  await tracing.flush();
  const second = record("two");
  await tracing.flush();
  expect(tracing.traceId(first)).toBe(`tr-${first}`);
  const upload = (id: string) => `GET /api/2.0/mlflow/traces/tr-${id}/credentials-for-data-upload`;
  expect(mlflow.calls.map((call) => `${call.method} ${call.path}`)).toEqual([
    "GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=%2FUsers%2Fme%2Fx",
    "POST /api/2.0/mlflow/experiments/create",
    "POST /api/2.0/mlflow/logged-models/search",
    "POST /api/2.0/mlflow/logged-models",
    "PATCH /api/2.0/mlflow/logged-models/m-1",
    "POST /api/2.0/mlflow/logged-models/search",
    "POST /api/3.0/mlflow/traces",
    upload(first),
    `PUT /signed/tr-${first}?sig=1`,
    "POST /api/3.0/mlflow/traces",
    upload(second),
    `PUT /signed/tr-${second}?sig=1`,
  ]);
  const registered = mlflow.calls.filter((call) => call.path === "/api/3.0/mlflow/traces");
  expect(registered[0]?.body).toMatchObject({
    trace: {
      trace_info: {
        trace_id: `tr-${first}`,
        trace_location: { type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: "42" } },
        state: "OK",
        request_preview: '{"question":"q"}',
        trace_metadata: {
          "mlflow.trace_schema.version": "3",
          "mlflow.modelId": "m-1",
          "mlflow.source.git.commit": "abc",
          "mlflow.trace.session": "t_1",
        },
      },
    },
  });
  const authorizations = registered.map((call) => call.headers.authorization);
  expect(new Set(authorizations).size).toBe(2);
  expect(mlflow.artifacts[`tr-${first}`]?.spans.map((span) => span.name)).toEqual([
    "execute_tool docs",
    "one",
  ]);
});

const python = join(dirname(mlflowProgram() ?? ""), "python");
if (!existsSync(python))
  process.stderr.write("skipped: no MLflow here that could read an artifact of ours\n");

it.skipIf(!existsSync(python))("uploads what MLflow's own code reads as spans", () => {
  const [id, artifact] = Object.entries(mlflow.artifacts)[0] ?? [];
  const file = join(mkdtempSync(join(tmpdir(), "orchestrator-artifact-")), "traces.json");
  writeFileSync(file, JSON.stringify(artifact));
  const read = spawnSync(python, ["-c", READ, file], { encoding: "utf8" });
  expect(read.stderr.includes("Traceback") ? read.stderr : "").toBe("");
  expect(JSON.parse(read.stdout)).toEqual([
    [id, "execute_tool docs", "TOOL", true, 1],
    [id, "one", null, false, null],
  ]);
});

/** MLflow's own reader of trace artifacts. */
const READ = `
import json, sys
from mlflow.entities import TraceData
spans = TraceData.from_dict(json.load(open(sys.argv[1]))).spans
print(json.dumps([[s.trace_id, s.name, s.span_type, s.parent_id is not None, s.get_attribute("backend.attempts")] for s in spans]))
`;
