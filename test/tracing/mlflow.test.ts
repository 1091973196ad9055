/** Against a real MLflow tracking server: what the contract only claims. Skipped where MLflow is not installed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { push, pushOptions } from "../../evals/sinks/push-command.ts";
import { buildFacts } from "../../server/build-facts.ts";
import { modelName, type Version } from "../../tracing/mlflow-model.ts";
import { startStack, type Stack } from "../e2e/stack.ts";
import { writeRun } from "../evals/written-run.ts";
import { mlflowProgram, startMlflow, type MlflowServer } from "./mlflow-server.ts";
import { overlay } from "./overlay.ts";
import { treeLines } from "./span-tree.ts";
import { PLAN, QUESTION, TREE } from "./three-backends.ts";

const program = mlflowProgram();
if (program === null) {
  process.stderr.write("skipped: no MLflow here (pip install mlflow, or MLFLOW_BIN)\n");
}

interface TraceInfo {
  state: string;
  trace_metadata: Record<string, string>;
  request_preview: string;
  assessments?: Assessment[];
}

/** As OTLP writes spans in JSON. */
interface MlflowSpan {
  span_id: string;
  parent_span_id?: string;
  name: string;
  start_time_unix_nano: string;
  attributes: {
    key: string;
    value: { kvlist_value?: { values: { key: string; value: { int_value?: number } }[] } };
  }[];
}

/** MLflow reads our JSON text and keeps it as values. */
function totalTokens({ attributes }: MlflowSpan): number {
  const usage = attributes.find(({ key }) => key === "mlflow.chat.tokenUsage")?.value.kvlist_value?.values;
  return usage?.find(({ key }) => key === "total_tokens")?.value.int_value ?? 0;
}

interface Assessment {
  assessment_name: string;
  source: { source_type: string };
  feedback: { value: unknown };
  /** False for one that was changed since. */
  valid?: boolean;
}

describe.skipIf(program === null)("a real MLflow server", () => {
  let mlflow: MlflowServer;
  let stack: Stack;
  beforeAll(async () => {
    mlflow = await startMlflow(program ?? "");
    stack = await startStack(
      overlay({
        tracing: { capture: "full", mlflow: { tracking_uri: mlflow.url, experiment: "orchestrator" } },
      }),
    );
  }, 120_000);
  afterAll(async () => {
    await stack?.close();
    await mlflow?.stop();
  });

  function version(): Version {
    const { config } = stack.running;
    return { name: config.name, ...buildFacts(config, process.cwd()) };
  }

  async function traceInfo(id: string): Promise<TraceInfo> {
    for (const until = Date.now() + 15_000; ;) {
      const reply = await fetch(`${mlflow.url}/api/3.0/mlflow/traces/${id}`);
      const info = reply.ok
        ? ((await reply.json()) as { trace: { trace_info: TraceInfo } }).trace.trace_info
        : null;
      // A trace is registered before its spans arrive.
      if (info !== null && info.state !== "IN_PROGRESS") return info;
      if (Date.now() > until) throw new Error(`No whole trace ${id}: ${reply.status} ${info?.state}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  it("creates the experiment and knows session, user and summed usage of the trace", async () => {
    const question =
      "Which enterprise customers in EMEA are most likely to churn next quarter, and what does the retention playbook say about low usage?";
    const reply = await fetch(`${stack.url}/responses`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: question }),
    });
    const { usage } = (await reply.json()) as {
      usage: { input_tokens: number; output_tokens: number; total_tokens: number };
    };
    const info = await traceInfo(reply.headers.get("x-trace-id") ?? "");
    expect(info.state).toBe("OK");
    expect(info.trace_metadata["mlflow.trace.session"]).toMatch(/^t_[0-9a-f]{40}$/);
    expect(info.trace_metadata["mlflow.trace.user"]).toBe("anonymous");
    const { input_tokens, output_tokens, total_tokens } = usage;
    expect(JSON.parse(info.trace_metadata["mlflow.trace.tokenUsage"] ?? "{}")).toEqual({
      input_tokens,
      output_tokens,
      total_tokens,
    });
    expect(total_tokens).toBeGreaterThan(0);
    expect(JSON.parse(info.request_preview)).toEqual({ question });
    const named = await fetch(
      `${mlflow.url}/api/2.0/mlflow/experiments/get-by-name?experiment_name=orchestrator`,
    );
    expect(named.status).toBe(200);
  });

  it("holds a request to three backends as one trace with exactly the expected tree and summed usage", async () => {
    const ask = async () => {
      const reply = await fetch(`${stack.url}/responses`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ input: QUESTION, custom_inputs: { plan: PLAN, thread_id: "tree" } }),
      });
      const { usage } = (await reply.json()) as { usage: Record<string, number> };
      return { usage, trace: reply.headers.get("x-trace-id") ?? "" };
    };
    // Tokens and sessions are kept from the first one on.
    await ask();
    const { usage, trace } = await ask();
    await traceInfo(trace);
    const read = async () => {
      const reply = await fetch(`${mlflow.url}/api/3.0/mlflow/traces/get?trace_id=${trace}`);
      return ((await reply.json()) as { trace: { spans: MlflowSpan[] } }).trace.spans;
    };
    await expect.poll(async () => (await read()).length, { timeout: 10_000 }).toBe(TREE.length);
    const spans = await read();
    const tree = spans.map((span) => ({
      span_id: span.span_id,
      parent_id: span.parent_span_id ?? null,
      name: span.name,
      start: BigInt(span.start_time_unix_nano),
    }));
    expect(treeLines(tree)).toEqual(TREE);
    const { trace_metadata } = await traceInfo(trace);
    expect(JSON.parse(trace_metadata["mlflow.trace.tokenUsage"] ?? "")).toEqual({
      input_tokens: usage["input_tokens"],
      output_tokens: usage["output_tokens"],
      total_tokens: usage["total_tokens"],
    });
    const ofSteps = spans
      .filter((span) => span.name.startsWith("step "))
      .reduce((sum, span) => sum + totalTokens(span), 0);
    expect(ofSteps).toBe(usage["total_tokens"]);
  });

  it("links every trace to the version that answered, which is made once", async () => {
    const ask = async () => {
      const { headers } = await fetch(`${stack.url}/responses`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ input: "What does the retention playbook say about low usage?" }),
      });
      return headers.get("x-trace-id") ?? "";
    };
    const first = await ask();
    const { trace_metadata } = await traceInfo(first);
    const model = trace_metadata["mlflow.modelId"] ?? "";
    await stack.restart();
    const second = await ask();
    expect((await traceInfo(second)).trace_metadata["mlflow.modelId"]).toBe(model);
    const read = await fetch(`${mlflow.url}/api/2.0/mlflow/logged-models/${model}`);
    const { info } = ((await read.json()) as { model: { info: Record<string, unknown> } }).model;
    expect(info).toMatchObject({
      name: modelName(version()),
      status: "LOGGED_MODEL_READY",
      model_type: "agent",
    });
    const send = async (path: string, body: object) => {
      const headers = { "content-type": "application/json" };
      const reply = await fetch(`${mlflow.url}${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      return reply.json();
    };
    const experiment = String(info.experiment_id);
    const { models } = (await send("/api/2.0/mlflow/logged-models/search", {
      experiment_ids: [experiment],
    })) as {
      models: unknown[];
    };
    expect(models).toHaveLength(1);
    const found = (await send("/api/3.0/mlflow/traces/search", {
      locations: [{ type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: experiment } }],
      filter: `request_metadata."mlflow.modelId" = '${model}'`,
    })) as { traces: { trace_id: string }[] };
    expect(found.traces.map(({ trace_id }) => trace_id)).toEqual(expect.arrayContaining([first, second]));
  });

  it("keeps scores and feedback as assessments of the trace, and changes a vote", async () => {
    const reply = await fetch(`${stack.url}/responses`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: "What does the retention playbook say about low usage?" }),
    });
    const trace = reply.headers.get("x-trace-id") ?? "";
    await reply.text();
    const vote = async (value: boolean) => {
      const body = JSON.stringify({ trace_id: trace, value });
      const headers = { "content-type": "application/json" };
      expect((await fetch(`${stack.url}/feedback`, { method: "POST", headers, body })).status).toBe(200);
      for (const until = Date.now() + 15_000; ;) {
        const { assessments = [] } = await traceInfo(trace);
        const found = assessments.filter((each) => each.valid !== false);
        const mine = found.filter((each) => each.source.source_type === "HUMAN");
        if (mine.length === 1 && mine[0]?.feedback.value === value && found.length === 4) return found;
        if (Date.now() > until) throw new Error(JSON.stringify(assessments));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const found = await vote(true);
    expect(found.map((each) => each.assessment_name).sort()).toEqual([
      "answered",
      "cited",
      "complete",
      "grounded",
    ]);
    await vote(false);
  });

  it("gets a run of the evaluations: metrics, its traces linked, and the scores on them", async () => {
    const reply = await fetch(`${stack.url}/responses`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: "What is our total MRR?" }),
    });
    const trace = reply.headers.get("x-trace-id") ?? "";
    await reply.text();
    await traceInfo(trace);
    const folder = mkdtempSync(path.join(tmpdir(), "pushed-"));
    writeRun(folder, [trace, "tr-00000000000000000000000000000000"]);
    const args = [folder, "--mlflow", mlflow.url, "--experiment", "orchestrator"];
    const said = await push({}, process.cwd(), pushOptions(args));
    rmSync(folder, { recursive: true });
    expect(said).toMatch(/, 1 traces linked, 4 assessments; 1 cases have no trace there/);
    const run_id = /runs\/([0-9a-f]+)/.exec(said)?.[1];
    const got = await fetch(`${mlflow.url}/api/2.0/mlflow/runs/get?run_id=${run_id}`);
    const { run } = (await got.json()) as {
      run: { info: { status: string }; data: { metrics: { key: string; value: number }[] } };
    };
    expect(run.info.status).toBe("FINISHED");
    expect(run.data.metrics).toContainEqual(expect.objectContaining({ key: "dev.routing", value: 0.5 }));
    const { assessments = [], trace_metadata } = await traceInfo(trace);
    const given = assessments.map(
      ({ assessment_name, source }) => `${assessment_name} ${source.source_type}`,
    );
    expect(given).toEqual(expect.arrayContaining(["judge_relevance LLM_JUDGE", "routing CODE"]));
    expect(trace_metadata["mlflow.sourceRun"] ?? run_id).toBe(run_id);
  });
});
