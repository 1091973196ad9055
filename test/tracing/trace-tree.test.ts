import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStack, type Stack } from "../e2e/stack.ts";
import { runOrchestrator } from "../cli/shell-double.ts";
import { decodeExport, type DecodedSpan } from "./otlp-decoder.ts";
import { overlay } from "./overlay.ts";
import { treeLines } from "./span-tree.ts";
import { PLAN, QUESTION, TREE } from "./three-backends.ts";

interface Export {
  path: string;
  experiment_id: string;
  body: string;
}

let stack: Stack;
beforeAll(async () => {
  const mlflow = { tracking_uri: "${SANDBOX_URL}", experiment: "7" };
  stack = await startStack(overlay({ tracing: { capture: "full", mlflow } }));
  // Tokens, sessions and detected tasks are kept from here on, so that the tree holds what every request does.
  await stack.ask({ input: QUESTION, custom_inputs: { plan: PLAN } });
});
afterAll(() => stack.close());

async function exported(traceId: string): Promise<DecodedSpan[]> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const { exports } = (await stack.admin("traces")) as { exports: Export[] };
    const spans = exports
      .flatMap(({ body }) => decodeExport(Buffer.from(body, "base64")).spans)
      .filter((span) => span.trace_id === traceId);
    if (spans.some((span) => span.parent_id === "" || span.name.startsWith("POST /"))) return spans;
    if (Date.now() > deadline) throw new Error("The trace was not exported.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function asked(headers: Record<string, string> = {}) {
  const reply = await fetch(`${stack.url}/responses`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-mlflow-return-trace-id": "true", ...headers },
    body: JSON.stringify({ input: QUESTION, custom_inputs: { plan: PLAN, thread_id: "tree" } }),
  });
  const body = (await reply.json()) as {
    id: string;
    usage: { input_tokens: number; output_tokens: number; total_tokens: number };
    metadata: { trace_id: string };
  };
  return { body, trace: reply.headers.get("x-trace-id") ?? "" };
}

describe("a request to three backends", () => {
  it("arrives at MLflow as one trace with exactly the expected tree", async () => {
    const { body, trace } = await asked();
    expect(trace).toMatch(/^tr-[0-9a-f]{32}$/);
    expect(body.metadata.trace_id).toBe(trace);
    const spans = await exported(trace.slice(3));
    expect(treeLines(spans)).toEqual(TREE);
    const { exports } = (await stack.admin("traces")) as { exports: Export[] };
    expect(new Set(exports.map((each) => each.experiment_id))).toEqual(new Set(["7"]));
    expect(new Set(exports.map((each) => each.path))).toEqual(new Set(["/v1/traces"]));
  });

  it("carries session, user, types, usage and content as MLflow reads them", async () => {
    const { body, trace } = await asked();
    const spans = await exported(trace.slice(3));
    const named = (name: string) => spans.find((span) => span.name === name)?.attributes ?? {};
    const root = named("POST /responses");
    const turn = named("invoke_workflow orchestrator");
    const usage = {
      input_tokens: body.usage.input_tokens,
      output_tokens: body.usage.output_tokens,
      total_tokens: body.usage.total_tokens,
    };
    for (const each of [root, turn]) {
      expect(JSON.parse(text(each["mlflow.chat.tokenUsage"]))).toEqual(usage);
      expect(each["session.id"]).toMatch(/^t_[0-9a-f]{40}$/);
      expect(each["user.id"]).toBe("anonymous");
      expect(JSON.parse(text(each["mlflow.spanInputs"]))).toEqual({ question: QUESTION });
    }
    expect(sumOfSteps(spans)).toBe(usage.total_tokens);
    const types = Object.fromEntries(
      ["invoke_workflow orchestrator", "classify", "execute_tool churn_model", "verify"].map((name) => [
        name,
        JSON.parse(text(named(name)["mlflow.spanType"])),
      ]),
    );
    expect(types).toEqual({
      "invoke_workflow orchestrator": "AGENT",
      classify: "CHAIN",
      "execute_tool churn_model": "TOOL",
      verify: "EVALUATOR",
    });
    expect(turn["orchestrator.config_hash"]).toMatch(/^[0-9a-f]{16}$/);
    const documents = JSON.parse(
      text(named("retrieval knowledge_assistant:ka-policies-endpoint")["mlflow.spanOutputs"]),
    ) as { page_content: string; metadata: { doc_uri: string } }[];
    expect(documents[0]?.page_content).not.toBe("");
    expect(documents[0]?.metadata.doc_uri).toMatch(/^http/);
  });

  it("adopts the caller's trace and still is the root of its own part", async () => {
    const outer = "0af7651916cd43dd8448eb211c80319c";
    const { trace } = await asked({ traceparent: `00-${outer}-b7ad6b7169203331-00` });
    expect(trace).toBe(`tr-${outer}`);
    const spans = await exported(outer);
    expect(treeLines(spans)).toEqual(TREE);
    expect(spans.find((span) => span.name === "POST /responses")?.parent_id).toBe("b7ad6b7169203331");
  });
});

function sumOfSteps(spans: readonly DecodedSpan[]): number {
  return spans
    .filter((span) => span.name.startsWith("step "))
    .map((span) => span.attributes["mlflow.chat.tokenUsage"])
    .filter((usage) => usage !== undefined)
    .reduce(
      (sum: number, usage) => sum + (JSON.parse(text(usage)) as { total_tokens: number }).total_tokens,
      0,
    );
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

describe("the local trace store", () => {
  it("shows a caller's own traces, newest first, and nobody else's", async () => {
    const { body, trace } = await asked();
    const list = (await (await fetch(`${stack.url}/traces?limit=1`)).json()) as {
      data: { trace_id: string }[];
    };
    expect(list.data.map((each) => each.trace_id)).toEqual([trace]);
    const one = await fetch(`${stack.url}/traces/${body.id}`);
    const { spans } = (await one.json()) as {
      spans: { name: string; span_id: string; parent_id: string | null; started_at: number }[];
    };
    expect(treeLines(spans.map((span) => ({ ...span, start: span.started_at })))).toEqual(TREE);
    expect((await fetch(`${stack.url}/traces/${"f".repeat(32)}`)).status).toBe(404);
  });

  it("explains in the terminal why, what, how long and how much", async () => {
    const { trace } = await asked();
    await fetch(`${stack.url}/traces`);
    const run = await runOrchestrator(["trace", trace], {
      env: { ORCHESTRATOR_DB: `${stack.folder}/orchestrator.db`, SANDBOX_URL: stack.sandbox.url },
    });
    expect(run.code).toBe(0);
    expect(run.out).toContain("routed to churn_model, policy_assistant, revenue_genie by tier given");
    expect(run.out).toContain(
      "asked: Which enterprise customers in EMEA are most likely to churn next quarter?",
    );
    expect(run.out).toMatch(/s1 {2}churn_model: ok, \d+ ms, 1 HTTP call, \d+ tokens in, \d+ out/);
    expect(run.out).toMatch(
      /completed in \d+ ms, \d+ tokens in, \d+ out, cost unknown \(3 calls without a price\)/,
    );
    expect(run.out).toContain(
      "planned as s1 churn_model; s2 policy_assistant after s1; s3 revenue_genie after s2 and s1",
    );
    expect(run.out).toContain('sent: {"model":"churn-model-endpoint","stream":true,"input":[{"role":"user"');
    expect(run.out.match(/^ {4}(asked|sent|said): ./gm)).toHaveLength(9);
    expect(run.out).toMatch(
      /answer written by the composer: \d+ citations, \d+ numbers checked, 0 not confirmed/,
    );
    expect(run.out).toMatch(/execute_tool revenue_genie +█+ +[\d.]+ m?s {2}as app/);
  });
});
