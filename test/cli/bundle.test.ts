/** `orchestrator bundle`: what databricks.yml has to say for a configuration. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runOrchestrator } from "./shell-double.ts";

const cwd = mkdtempSync(join(tmpdir(), "orchestrator-bundle-"));
mkdirSync(join(cwd, "config"));
afterEach(() => rmSync(join(cwd, "config/orchestrator.yaml"), { force: true }));

async function bundle(rest: string, env: Record<string, string> = {}) {
  writeFileSync(join(cwd, "config/orchestrator.yaml"), `workspace: { host: a.example.com }\n${rest}`);
  const run = await runOrchestrator(["bundle"], {
    cwd,
    env: { DATABRICKS_HOST: "a.example.com", DATABRICKS_TOKEN: "t", ...env },
  });
  return { ...run, settings: run.code === 0 ? parse(run.out) : null };
}

describe("bundle", () => {
  it.each([
    ["genie", { genie_space: { name: "it", space_id: "x1", permission: "CAN_RUN" } }],
    ["knowledge_assistant", { serving_endpoint: { name: "x1", permission: "CAN_QUERY" } }],
    ["serving_endpoint", { serving_endpoint: { name: "x1", permission: "CAN_QUERY" } }],
    ["supervisor", { serving_endpoint: { name: "x1", permission: "CAN_QUERY" } }],
    ["app", { app: { name: "x1", permission: "CAN_USE" } }],
  ])("gives a %s backend its resource", async (kind, resource) => {
    const { settings } = await bundle(
      `backends: [{ name: it, kind: ${kind}, target: x1, description: Answers questions. }]`,
    );
    expect(settings.resources).toEqual([{ name: "it", description: "Backend it.", ...resource }]);
  });

  it("gives a warehouse, models and the database theirs", async () => {
    const { settings } = await bundle(`
backends:
  - { name: topic_sql, kind: sql, target: w1, description: Counts topics., statements: [{ name: a, description: b, sql: SELECT 1 }] }
models: { planner: { endpoint: big } }
persistence: { kind: postgres, lakebase: { endpoint: projects/p/branches/b/endpoints/e } }
`);
    expect(settings.resources.map((each: { description: string }) => ({ ...each, description: "" }))).toEqual(
      [
        { name: "topic-sql", description: "", sql_warehouse: { id: "w1", permission: "CAN_USE" } },
        { name: "planner", description: "", serving_endpoint: { name: "big", permission: "CAN_QUERY" } },
        {
          name: "database",
          description: "",
          postgres: {
            branch: "projects/p/branches/b",
            database: "projects/p/branches/b/databases/${var.lakebase_database}",
            permission: "CAN_CONNECT_AND_CREATE",
          },
        },
      ],
    );
  });

  it("takes the variables of the file from the resources", async () => {
    const { settings } = await bundle(
      "backends:\n  - name: my_space\n    kind: genie\n    target: ${SPACE}\n    description: Answers questions.\nmodels:\n  planner:\n    endpoint: ${BIG:-}\n",
      { SPACE: "s1", BIG: "claude" },
    );
    expect(settings.config.env).toEqual([
      { name: "ORCHESTRATOR_CONFIG", value: "config/orchestrator.yaml" },
      { name: "SPACE", value_from: "my-space" },
      { name: "BIG", value_from: "planner" },
    ]);
  });

  it("asks for user scopes only where a backend uses the user's identity", async () => {
    const backends = (identity: string) =>
      `backends: [{ name: a, kind: genie, target: x, description: Answers questions., identity: ${identity} }]`;
    expect((await bundle(backends("app"))).settings.user_api_scopes).toEqual([]);
    expect((await bundle(backends("user"))).settings.user_api_scopes).toEqual(["dashboards.genie"]);
  });

  it("says what has to be granted by hand", async () => {
    const { err, settings } = await bundle(
      "backends: [{ name: tools, kind: mcp, target: /api/2.0/mcp/sql, description: Runs SQL. }]".replace(
        "Runs SQL.",
        "Runs SQL statements.",
      ),
    );
    expect(settings.resources).toEqual([]);
    expect(err).toContain("# tools: grant the app's service principal access");
  });
});
