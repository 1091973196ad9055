import { afterEach, describe, expect, it } from "vitest";
import { ConfigError } from "../../config/config-error.ts";
import { ada, failure, KINDS, openWorkspace, question, recorded, type Workspace } from "./workspace.ts";

let workspace: Workspace | null = null;

afterEach(async () => {
  await workspace?.stop();
  workspace = null;
});

async function opened(...backends: object[]): Promise<Workspace> {
  workspace = await openWorkspace(backends);
  return workspace;
}

describe("an MCP server", () => {
  it("for documents gives each as evidence with its link", async () => {
    const workspace = await opened(KINDS.vector);
    const answer = await workspace.backend("vector").ask(question("Refunds?"), recorded());
    expect(answer.evidence).toEqual([
      {
        kind: "document",
        title: "refunds.md",
        url: `${workspace.sandbox.url}/documents/refunds.md`,
        text: "Refunds take 5 days.",
      },
    ]);
    expect(answer.payload).toEqual({ tool: "main__support__documents", arguments: { query: "Refunds?" } });
  });

  it("for a function gives its single value as the answer", async () => {
    const workspace = await opened(KINDS.fn);
    const answer = await workspace.backend("fn").ask(question("Acme"), recorded());
    expect(answer.text).toBe("Scores for: How likely is Acme to churn next quarter, and why?");
  });

  it("for SQL is asked through the configured tool and gives typed rows", async () => {
    const workspace = await opened({
      ...KINDS.fn,
      name: "sql_tool",
      target: "/api/2.0/mcp/sql",
      tool: "execute_sql_read_only",
    });
    const answer = await workspace.backend("sql_tool").ask(question("SELECT 1"), recorded());
    expect(answer.evidence).toMatchObject([
      {
        kind: "table",
        rows: [
          ["EMEA", 120.5],
          [null, 7],
          ["APAC", null],
        ],
        row_count: 3,
      },
    ]);
    expect(answer.text).toBe("The tool returned 3 rows.");
  });

  it("for Genie One is polled by code until its answer is there", async () => {
    workspace = await openWorkspace([{ ...KINDS.fn, name: "one", target: "/api/2.0/mcp/genie" }], {
      sandbox: { genieStepMs: 60 },
    });
    const call = recorded();
    const answer = await workspace.backend("one").ask(question("MRR?"), call);
    expect(answer.text).toBe("Answer to: MRR?");
    expect(answer.evidence).toMatchObject([{ kind: "text", title: "one: genie_ask" }]);
    expect(call.progress).toContainEqual({
      status: "in_progress",
      message: "one is working on the question.",
    });
    const asked = (await workspace.calls("mcp_genie_one")).map(({ rpc }) => rpc);
    expect(asked.filter((rpc: string) => rpc === "tools/call genie_ask")).toHaveLength(1);
    expect(asked).toContain("tools/call genie_poll_response");
    expect((await failure(workspace.backend("one").ask(question("broken"), recorded()))).code).toBe("failed");
  });

  it("that answers with an error fails without its words", async () => {
    const workspace = await opened(KINDS.vector);
    await workspace.admin("/faults", {
      endpoint: "mcp_vector",
      fault: { kind: "mcp_error", message: "INTERNAL_ERROR: s3cr3t" },
    });
    const error = await failure(workspace.backend("vector").ask(question("Refunds?"), recorded()));
    expect(error.code).toBe("failed");
    expect(error.message).not.toContain("s3cr3t");
  });

  it("that needs a login says where", async () => {
    const workspace = await opened(KINDS.vector);
    const { host } = new URL(workspace.sandbox.url);
    const message = `Credential for user identity('ada') is not found for the connection 'github'. Please login first to the connection by visiting https://${host}/connections/github`;
    await workspace.admin("/faults", { endpoint: "mcp_vector", fault: { kind: "mcp_error", message } });
    expect(await failure(workspace.backend("vector").ask(question("Refunds?"), recorded()))).toMatchObject({
      code: "login_required",
      message,
    });
  });

  it("whose stream is cut before the result is interrupted", async () => {
    const workspace = await opened(KINDS.vector);
    await workspace.admin("/switches", { mcp_reply: "sse" });
    await workspace.backend("vector").ask(question("Refunds?"), recorded());
    await workspace.admin("/faults", {
      endpoint: "mcp_vector",
      fault: { kind: "cut", after_bytes: 20 },
      match: { body: "tools/call" },
    });
    const error = await failure(workspace.backend("vector").ask(question("Refunds?"), recorded()));
    expect(error.code).toBe("interrupted");
  });

  it("without the configured tool is not found", async () => {
    const workspace = await opened({ ...KINDS.vector, tool: "nope" });
    expect((await failure(workspace.backend("vector").ask(question("Refunds?"), recorded()))).code).toBe(
      "not_found",
    );
  });

  it("outside of the workspace gets no token", async () => {
    const { mayHaveToken } = await import("../../backends/mcp/may-have-token.ts");
    const host = "https://adb-1.example.com";
    expect(mayHaveToken("https://adb-1.example.com/api/2.0/mcp/sql", host)).toBe(true);
    expect(mayHaveToken("https://tools-1.aws.databricksapps.com/mcp", host)).toBe(true);
    expect(mayHaveToken("https://evil.example/mcp", host)).toBe(false);
    expect(mayHaveToken("https://databricksapps.com.evil.example/mcp", host)).toBe(false);
    expect(mayHaveToken("http://tools-1.aws.databricksapps.com/mcp", host)).toBe(false);
  });
});

describe("a SQL backend", () => {
  const statements = [
    {
      name: "revenue",
      description: "Monthly revenue by region",
      sql: "SELECT region, mrr FROM t WHERE year = :year",
      parameters: [{ name: "year", type: "INT", default: "2026" }],
    },
    {
      name: "sentiment",
      description: "Sentiment of a support ticket",
      sql: "SELECT ai_analyze_sentiment(:question)",
    },
  ];

  it("runs the statement that fits the question, with its values bound", async () => {
    const workspace = await opened({ ...KINDS.warehouse, statements });
    const answer = await workspace
      .backend("warehouse")
      .ask(question("What was the revenue of each region?"), recorded());
    expect(answer.evidence).toMatchObject([
      { kind: "table", title: "revenue", sql: statements[0]?.sql, row_count: 3 },
    ]);
    expect((await workspace.calls("sql"))[0].body).toMatchObject({
      warehouse_id: "sandbox-warehouse",
      statement: statements[0]?.sql,
      parameters: [{ name: "year", type: "INT", value: "2026" }],
      row_limit: 100,
    });
  });

  it("binds the question, however it is quoted", async () => {
    const workspace = await opened({ ...KINDS.warehouse, statements });
    const text = "What is the sentiment of the ticket '); DROP TABLE t; --'?";
    await workspace
      .backend("warehouse")
      .ask(question(text), recorded())
      .catch(() => undefined);
    const [call] = await workspace.calls("sql");
    expect(call.body.statement).toBe(statements[1]?.sql);
    expect(call.body.parameters).toEqual([{ name: "question", type: "STRING", value: text }]);
  });

  it("fails without the words of the database", async () => {
    const workspace = await opened({
      ...KINDS.warehouse,
      statements: [{ name: "bad", description: "Bad", sql: "SELECT nonsense FROM t" }],
    });
    const error = await failure(workspace.backend("warehouse").ask(question("Bad?"), recorded()));
    expect([error.code, error.message.includes("Parser")]).toEqual(["failed", false]);
  });

  it("is stopped on the warehouse when nobody waits any more", async () => {
    const workspace = await opened({ ...KINDS.warehouse, timeout_ms: 400 });
    await workspace.admin("/faults", {
      endpoint: "sql",
      fault: { kind: "hang" },
      match: { method: "GET" },
    });
    expect((await failure(workspace.backend("warehouse").ask(question("Revenue?"), recorded()))).code).toBe(
      "timeout",
    );
    const cancelled = async () =>
      (await workspace.calls("sql")).filter(({ path }) => path.endsWith("/cancel"));
    await expect.poll(cancelled).toHaveLength(1);
  });

  it("is ready when its warehouse is there", async () => {
    const workspace = await opened(KINDS.warehouse, { ...KINDS.warehouse, name: "gone", target: "no-such" });
    const never = new AbortController().signal;
    expect(await workspace.backend("warehouse").check({ subject: "a" }, never)).toMatchObject({
      ready: true,
    });
    expect(await workspace.backend("gone").check({ subject: "a" }, never)).toMatchObject({
      ready: false,
      state: "down",
    });
  });

  it("that would write is a problem of the configuration", async () => {
    const open = openWorkspace([
      { ...KINDS.warehouse, statements: [{ name: "w", description: "W", sql: "DELETE FROM t" }] },
    ]);
    await expect(open).rejects.toThrow(ConfigError);
  });
});

describe("a supervisor", () => {
  const tools = [{ type: "genie_space", genie_space: { id: "s", description: "d" } }];

  it.each([true, false])(
    "answers, in the background: %s, without repeating the history",
    async (background) => {
      const workspace = await opened({ ...KINDS.supervisor, tools, background });
      const call = recorded({ caller: ada });
      const answer = await workspace.backend("supervisor").ask(question("MRR by region?"), call);
      expect(answer.text).not.toContain("MRR by region?\n");
      expect(answer.text.length).toBeGreaterThan(5);
      expect(call.pending).toHaveLength(background ? 1 : 0);
    },
  );

  it("is picked up by its id", async () => {
    const workspace = await opened({ ...KINDS.supervisor, tools });
    const call = recorded({ caller: ada });
    const first = await workspace.backend("supervisor").ask(question("MRR by region?"), call);
    const resume = call.pending[0];
    const again = await workspace
      .backend("supervisor")
      .ask(question("MRR by region?", { resume }), recorded({ caller: ada }));
    expect(again.text).toBe(first.text);
    expect((await workspace.calls("supervisor")).filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("without tools is refused by the platform", async () => {
    const workspace = await opened(KINDS.supervisor);
    expect((await failure(workspace.backend("supervisor").ask(question("Hm?"), recorded()))).code).toBe(
      "rejected",
    );
  });
});
