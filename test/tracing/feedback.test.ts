import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startStack, type Stack } from "../e2e/stack.ts";
import { startMlflowDouble, type MlflowDouble, type SeenCall } from "./mlflow-double.ts";
import { overlay } from "./overlay.ts";

let mlflow: MlflowDouble;
beforeAll(async () => {
  mlflow = await startMlflowDouble();
});
afterAll(() => mlflow.close());
beforeEach(() => {
  mlflow.calls.length = 0;
});

const QUESTION = { input: "What does the retention playbook say about low usage?" };

async function answered(stack: Stack, headers: Record<string, string> = {}) {
  const reply = await fetch(`${stack.url}/responses`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(QUESTION),
  });
  const { id } = (await reply.json()) as { id: string };
  return { response: id, trace: reply.headers.get("x-trace-id") ?? "" };
}

async function say(stack: Stack, body: object) {
  const reply = await fetch(`${stack.url}/feedback`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

async function assessments(method: string, count: number): Promise<SeenCall[]> {
  for (const until = Date.now() + 10_000; ;) {
    const found = mlflow.calls.filter(
      (call) => call.method === method && call.path.includes("/assessments") && !byCode(call),
    );
    if (found.length >= count) return found;
    if (Date.now() > until) throw new Error(`Only ${found.length} of ${count} ${method} calls came.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Scores of code go along with every answer. */
function byCode({ body }: SeenCall): boolean {
  return JSON.stringify(body).includes('"source_type":"CODE"');
}

describe("feedback with an MLflow server of one's own", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack(overlay({ tracing: { mlflow: { tracking_uri: mlflow.url, experiment: "e" } } }));
  });
  afterAll(() => stack.close());

  it("arrives as an assessment on the trace, after MLflow did not know the trace yet", async () => {
    const { response, trace } = await answered(stack);
    mlflow.missing = 1;
    const given = await say(stack, {
      trace_id: trace,
      value: false,
      comment: "Only half of it.",
      correction: { backends: ["revenue_genie"] },
    });
    expect(given).toEqual({
      status: 200,
      body: {
        object: "feedback",
        id: expect.stringMatching(/^fb_[0-9a-f]{32}$/) as string,
        response_id: response,
        trace_id: trace,
        created_at: expect.any(Number) as number,
        updated_at: expect.any(Number) as number,
      },
    });
    const [first, second] = await assessments("POST", 2);
    expect(first?.path).toBe(`/api/3.0/mlflow/traces/${trace}/assessments`);
    expect(second?.body).toEqual({
      assessment: {
        trace_id: trace,
        assessment_name: "answered",
        source: { source_type: "HUMAN", source_id: "anonymous" },
        feedback: { value: false },
        rationale: "Only half of it.",
        metadata: { correction: '{"backends":["revenue_genie"]}' },
      },
    });
  });

  it("changes a vote with PATCH, without the source", async () => {
    const { response } = await answered(stack);
    const first = await say(stack, { response_id: response, question: "evidence_sufficient", value: true });
    await assessments("POST", 1);
    const second = await say(stack, { response_id: response, question: "evidence_sufficient", value: false });
    expect(second.body.id).toBe(first.body.id);
    const [patch] = await assessments("PATCH", 1);
    expect(patch?.path).toMatch(/\/assessments\/a-1$/);
    expect(patch?.body).toEqual({
      assessment: {
        trace_id: second.body.trace_id,
        assessment_name: "evidence_sufficient",
        feedback: { value: false },
      },
      update_mask: "feedback",
    });
  });

  it("points at the span of the step that is meant", async () => {
    const { response } = await answered(stack);
    await say(stack, { response_id: response, step: "s1", question: "wrong_source", value: true });
    const [post] = await assessments("POST", 1);
    const { assessment } = (post as SeenCall).body as {
      assessment: { span_id: string; assessment_name: string };
    };
    expect(assessment.assessment_name).toBe("wrong_source_s1");
    const { spans } = (await (await fetch(`${stack.url}/traces/${response}`)).json()) as {
      spans: { span_id: string; name: string }[];
    };
    expect(spans.find((span) => span.span_id === assessment.span_id)?.name).toBe("step s1");
  });

  it("is refused for answers of others and for nonsense", async () => {
    expect((await say(stack, { response_id: "resp_none", value: true })).status).toBe(404);
    expect((await say(stack, { trace_id: `tr-${"0".repeat(32)}`, value: true })).status).toBe(404);
    expect((await say(stack, { value: true })).body.error).toMatchObject({ code: "invalid_value" });
    expect((await say(stack, { response_id: "r", value: true, question: "why" })).status).toBe(400);
  });

  it("is kept here when nobody else can be reached", async () => {
    const alone = await startStack(
      overlay({ tracing: { mlflow: { tracking_uri: "http://127.0.0.1:9", experiment: "1" } } }),
    );
    const { response } = await answered(alone);
    expect((await say(alone, { response_id: response, question: "other", value: "odd" })).status).toBe(200);
    await alone.restart();
    expect((await say(alone, { response_id: response, question: "other", value: "still odd" })).status).toBe(
      200,
    );
    await alone.close();
  });
});

describe("with traces in Unity Catalog", () => {
  let stack: Stack;
  beforeAll(async () => {
    const config = overlay({
      tracing: {
        capture: "full",
        mlflow: {
          tracking_uri: "databricks",
          experiment: "/Users/me/x",
          uc_schema: "main.traces",
          sql_warehouse_id: "w1",
        },
      },
    });
    stack = await startStack(config);
  });
  afterAll(() => stack.close());

  it("gives clients the id of its form", async () => {
    const { trace } = await answered(stack);
    expect(trace).toMatch(/^trace:\/main\.traces\.mlflow_experiment_trace\/[0-9a-f]{32}$/);
    const found = await fetch(`${stack.url}/traces/${encodeURIComponent(trace)}`);
    expect(found.status).toBe(200);
    expect((await say(stack, { trace_id: trace, value: true })).status).toBe(200);
  });
});

describe("the chat UI of Databricks", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack.close());

  it("can vote on an answer of ours with the id that it was given, and change its mind", async () => {
    const reply = await fetch(`${stack.url}/invocations`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-mlflow-return-trace-id": "true" },
      body: JSON.stringify({ input: [{ role: "user", content: QUESTION.input }], stream: true }),
    });
    const frames = (await reply.text()).split("\n\n");
    const trace_id = frames
      .filter((frame) => frame.startsWith('data: {"trace_id"'))
      .map((frame) => (JSON.parse(frame.slice(6)) as { trace_id: string }).trace_id)[0];
    expect(trace_id).toMatch(/^tr-[0-9a-f]{32}$/);
    const send = async (method: string, path: string, body: object) => {
      const answer = await fetch(`${stack.sandbox.url}/api/3.0/mlflow/traces/${trace_id}${path}`, {
        method,
        headers: { "content-type": "application/json", authorization: `Bearer ${await token(stack)}` },
        ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
      });
      return answer.json();
    };
    const source = { source_type: "HUMAN", source_id: "ada@example.com" };
    const vote = { trace_id, assessment_name: "user_feedback", source, feedback: { value: true } };
    const { assessment } = (await send("POST", "/assessments", { assessment: vote })) as {
      assessment: { assessment_id: string };
    };
    const changed = { trace_id, assessment_name: "user_feedback", feedback: { value: false } };
    await send("PATCH", `/assessments/${assessment.assessment_id}`, {
      assessment: changed,
      update_mask: "feedback",
    });
    const { trace } = (await send("GET", "", {})) as { trace: { trace_info: { assessments: object[] } } };
    expect(trace.trace_info.assessments).toEqual([
      { ...vote, assessment_id: assessment.assessment_id, feedback: { value: false } },
    ]);
  });
});

async function token(stack: Stack): Promise<string> {
  const reply = await fetch(`${stack.sandbox.url}/oidc/v1/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from("sandbox:sandbox-secret").toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: "all-apis" }),
  });
  return ((await reply.json()) as { access_token: string }).access_token;
}

describe("a workspace that keeps traces", () => {
  it.each([{}, { uc_schema: "main.other", sql_warehouse_id: "w1" }])(
    "reaches the workspace with every span, in an experiment and in tables: %j",
    async (where) => {
      const mlflow = { tracking_uri: "databricks", experiment: "/Users/me/y", ...where };
      const other = await startStack(overlay({ tracing: { mlflow } }));
      await answered(other);
      const count = async (outcome: string) => {
        const text = await (await fetch(`${other.url}/metrics`)).text();
        const line = `orchestrator_export_spans{destination="mlflow",outcome="${outcome}"} `;
        return Number(text.split(line)[1]?.split("\n")[0]);
      };
      await expect.poll(() => count("exported"), { timeout: 10_000 }).toBeGreaterThan(5);
      expect(await count("failed")).toBe(0);
      await other.close();
    },
  );
});
