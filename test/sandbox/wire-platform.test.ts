/** The rest of the workspace: SQL, managed MCP, the supervisor, MLflow and database credentials. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/server.ts";
import { emulateAiFunctions } from "../../sandbox/sql/ai-functions.ts";
import { call, frames, startStubSandbox, stubCompany } from "./wire-company.ts";

let sandbox: Sandbox;
const asked: { statement: string; parameters: Record<string, string> | undefined }[] = [];
const api = (path: string, body?: unknown, method?: string) =>
  call(`${sandbox.url}${path}`, { body, method });

beforeAll(async () => {
  const company = stubCompany();
  const sql: typeof company.sql = (statement, parameters) => {
    asked.push({ statement, parameters });
    return company.sql(statement, parameters);
  };
  sandbox = await startStubSandbox({ company: { ...company, sql } });
});
afterAll(() => sandbox.close());

describe("statement execution", () => {
  const run = (statement: string, more = {}) =>
    api("/api/2.0/sql/statements", { warehouse_id: "w", statement, ...more });

  it("answers inline with typed columns, and binds parameters by name", async () => {
    const parameters = [{ name: "region", value: "EMEA", type: "STRING" }];
    const { body } = await run("SELECT 1 WHERE region = :region", { parameters, row_limit: 2 });
    expect(body).toMatchObject({
      status: { state: "SUCCEEDED" },
      manifest: { format: "JSON_ARRAY", total_row_count: 2, truncated: true },
      result: {
        row_count: 2,
        data_array: [
          ["EMEA", "120.50"],
          [null, "7"],
        ],
      },
    });
    expect(body.manifest.schema.columns[1]).toMatchObject({ name: "mrr", type_name: "DECIMAL", position: 1 });
    expect(asked.at(-1)?.parameters).toEqual({ region: "EMEA" });
  });

  it("can be polled by the one who asked", async () => {
    const { body } = await run("SELECT 1", { wait_timeout: "0s" });
    expect(body.status.state).toBe("PENDING");
    const path = `/api/2.0/sql/statements/${body.statement_id}`;
    let state = "PENDING";
    while (state !== "SUCCEEDED") state = (await api(path)).body.status.state;
    expect((await call(`${sandbox.url}${path}`, { token: "user-eve" })).status).toBe(404);
  });

  it("fails inside the body for bad SQL, and for AI functions that need a model", async () => {
    const failed = await run("SELECT nonsense");
    expect([failed.status, failed.body.status.state]).toEqual([200, "FAILED"]);
    expect(failed.body.status.error.message).toBe("Parser Error: nonsense");
    expect((await run("SELECT ai_query('m', 'x')")).body.status.error.message).toMatch(
      /^ai_query needs a model/,
    );
    expect((await run("SELECT 1", { warehouse_id: "" })).status).toBe(400);
  });

  it("rewrites ai_classify to keyword overlap", () => {
    const sql = emulateAiFunctions(
      "SELECT ai_classify(concat(a, ','), array('billing', 'bug report')) AS l FROM t",
    );
    expect(sql).toMatch(
      /^SELECT \(CASE WHEN greatest\(.*\) = 0 THEN NULL WHEN .* THEN 'billing' WHEN .* THEN 'bug report' END\) AS l FROM t$/,
    );
    expect(sql).toContain("contains(lower(CAST(concat(a, ',') AS VARCHAR)), 'report')");
  });
});

describe("managed MCP", () => {
  const tool = async (path: string, name: string, args: Record<string, unknown>) => {
    const client = new Client({ name: "test", version: "1" });
    const requestInit = { headers: { authorization: "Bearer user-ada" } };
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${sandbox.url}/api/2.0/mcp/${path}`), { requestInit }),
    );
    const { tools } = await client.listTools();
    const result = (await client.callTool({ name, arguments: args })) as ReturnType<typeof JSON.parse>;
    await client.close();
    return { names: tools.map((one) => one.name), result };
  };

  it("runs reading SQL", async () => {
    const { names, result } = await tool("sql", "execute_sql_read_only", { query: "SELECT 1" });
    expect(names).toEqual(["execute_sql_read_only", "poll_sql_result"]);
    expect(result.structuredContent).toMatchObject({
      status: { state: "SUCCEEDED" },
      result: { row_count: 3 },
    });
    const { statement_id } = result.structuredContent;
    const polled = await tool("sql", "poll_sql_result", { statement_id });
    expect(polled.result.structuredContent.statement_id).toBe(statement_id);
  });

  it("calls the churn function, alone and in its schema", async () => {
    const name = "main__retention__churn_score";
    const { names, result } = await tool("functions/main/retention/churn_score", name, { customer: "Acme" });
    expect(names).toEqual([name]);
    expect(result.structuredContent.rows[0][0]).toContain("How likely is Acme to churn");
    expect((await tool("functions/main/retention", name, { customer: "Acme" })).names).toEqual([name]);
    expect((await api("/api/2.0/mcp/functions/main/other", {})).status).toBe(404);
  });

  it("searches the documents", async () => {
    const { result } = await tool("vector-search/main/support/documents", "main__support__documents", {
      query: "refund",
    });
    expect(JSON.parse(result.content[0].text)).toEqual([
      { title: "refunds.md", url: `${sandbox.url}/documents/refunds.md`, content: "Refunds take 5 days." },
    ]);
  });
});

describe("the supervisor", () => {
  const path = "/ai-gateway/mlflow/v1/responses";
  const tools = [
    { type: "knowledge_assistant", knowledge_assistant: { knowledge_assistant_id: "k" } },
    { type: "app", app: { name: "retention-agent" } },
  ];
  const body = {
    model: "databricks-claude-sonnet-4-5",
    input: [{ role: "user", content: "Refunds?" }],
    tools,
  };

  it("asks its tools in turn and echoes the input before the output", async () => {
    const { output } = (await api(path, body)).body;
    const types = output.map((item: { type: string }) => item.type);
    const pair = ["function_call", "function_call_output"];
    expect(types).toEqual(["message", ...pair, ...pair, "message"]);
    expect(output[0]).toMatchObject({ role: "user", content: "Refunds?" });
    expect(output.at(-1).content[0].text).toMatch(
      /^Refunds take 5 days.*Plan for: Refunds\? \| Refunds take 5 days/s,
    );
  });

  it("works in the background, for the one who asked", async () => {
    const { id, status } = (await api(path, { ...body, background: true })).body;
    expect(status).toBe("queued");
    const seen = [status];
    while (seen.at(-1) !== "completed") {
      const now = (await api(`${path}/${id}`)).body.status;
      if (now !== seen.at(-1)) seen.push(now);
    }
    // A look every few milliseconds can miss the state in the middle.
    expect(["queued", "in_progress", "completed"].filter((state) => seen.includes(state))).toEqual(seen);
    expect((await call(`${sandbox.url}${path}/${id}`, { token: "user-eve" })).status).toBe(404);
  });

  it("streams text only in the finished item", async () => {
    const all = frames((await api(path, { ...body, stream: true })).text);
    expect(all.map((frame) => frame.type)).not.toContain("response.output_text.delta");
    expect(all.find((frame) => frame.type === "response.output_item.done").item.content[0].text).toContain(
      "Refunds",
    );
  });

  it.each([
    [{ stream: true, background: true }, "stream and background"],
    [{ temperature: 0 }, "Parameter not supported when tools are provided"],
    [{ previous_response_id: "r" }, "previous_response_id"],
    [{ input: [] }, "user message"],
  ])("refuses %j", async (more, message) => {
    const reply = await api(path, { ...body, ...more });
    expect([reply.status, reply.body.message]).toEqual([400, expect.stringContaining(message)]);
  });
});

describe("MLflow", () => {
  const send = (path: string, headers: Record<string, string>, token: string | null = null) =>
    call(`${sandbox.url}${path}`, { raw: "\n\u0000", headers, token });
  const protobuf = { "content-type": "application/x-protobuf" };

  it("takes spans as protobuf only, for an experiment", async () => {
    expect((await send("/v1/traces", { ...protobuf, "x-mlflow-experiment-id": "7" })).status).toBe(200);
    const json = await send("/v1/traces", {
      "content-type": "application/json",
      "x-mlflow-experiment-id": "7",
    });
    expect(json.status).toBe(400);
    expect((await send("/v1/traces", protobuf)).body.message).toContain("x-mlflow-experiment-id");
    const workspace = "/api/2.0/otel/v1/traces";
    expect((await send(workspace, protobuf)).status).toBe(401);
    expect((await send(workspace, protobuf, "user-ada")).body.message).toContain(
      "x-databricks-uc-table-name",
    );
    const table = { "x-databricks-uc-table-name": "c.s.p_otel_spans", "x-mlflow-experiment-id": "7" };
    expect((await send(workspace, { ...protobuf, ...table }, "user-ada")).status).toBe(200);
    const { exports } = (await api("/_admin/traces")).body;
    expect(exports).toMatchObject([
      { path: "/v1/traces", experiment_id: "7", table: null, body: "CgA=" },
      { path: workspace, table: "c.s.p_otel_spans", subject: "ada@example.com" },
    ]);
  });

  it("keeps feedback, which may change but not its source", async () => {
    const path = "/api/3.0/mlflow/traces/tr-1/assessments";
    const source = { source_type: "HUMAN", source_id: "u" };
    const given = { trace_id: "tr-1", assessment_name: "user_feedback", source, feedback: { value: true } };
    const { assessment_id } = (await api(path, { assessment: given })).body.assessment;
    const patch = (assessment: object) =>
      api(`${path}/${assessment_id}`, { assessment, update_mask: "feedback" }, "PATCH");
    expect((await patch({ source })).body.message).toBe("The field `source` may not be updated.");
    await patch({ feedback: { value: false } });
    const { trace } = (await api("/api/3.0/mlflow/traces/tr-1")).body;
    expect(trace.trace_info.assessments).toMatchObject([{ source, feedback: { value: false } }]);
  });

  it("keeps experiments and runs", async () => {
    const base = "/api/2.0/mlflow";
    const byName = `${base}/experiments/get-by-name?experiment_name=/Users/me/x`;
    expect((await api(byName)).body.error_code).toBe("RESOURCE_DOES_NOT_EXIST");
    const create = () => api(`${base}/experiments/create`, { name: "/Users/me/x" });
    const { experiment_id } = (await create()).body;
    expect((await create()).body.error_code).toBe("RESOURCE_ALREADY_EXISTS");
    expect((await api(byName)).body.experiment.experiment_id).toBe(experiment_id);
    const { run_id } = (await api(`${base}/runs/create`, { experiment_id, run_name: "r" })).body.run.info;
    const metrics = [{ key: "acc", value: 0.9, timestamp: 1, step: 0 }];
    await api(`${base}/runs/log-batch`, { run_id, metrics, params: [{ key: "k", value: "v" }] });
    await api(`${base}/runs/update`, { run_id, status: "FINISHED", end_time: 2 });
    const { run } = (await api(`${base}/runs/get?run_id=${run_id}`)).body;
    expect(run).toMatchObject({
      info: { status: "FINISHED" },
      data: { metrics, params: [{ key: "k", value: "v" }] },
    });
  });
});

describe("database credentials", () => {
  it("are given for an endpoint path, and expire", async () => {
    const { body } = await api("/api/2.0/postgres/credentials", {
      endpoint: "projects/p/branches/b/endpoints/e",
    });
    expect(body.token).toMatch(/^pg-/);
    expect(Date.parse(body.expire_time)).toBeGreaterThan(Date.now());
    expect((await api("/api/2.0/postgres/credentials", { endpoint: "x" })).status).toBe(400);
  });
});
