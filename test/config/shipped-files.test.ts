/** The two configuration files of the project. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../config/config-error.ts";
import { loadConfig } from "../../config/load.ts";

function load(path: string, env: Record<string, string>) {
  return loadConfig(env, [{ path, text: readFileSync(path, "utf8") }]);
}

const WORKSPACE = {
  DATABRICKS_HOST: "https://dbc-1.cloud.databricks.com",
  GENIE_SPACE_ID: "01ef5c",
  KNOWLEDGE_ASSISTANT_ENDPOINT: "ka-1-endpoint",
  SERVING_ENDPOINT: "risk-model",
  AGENT_APP_NAME: "action-agent",
};

describe("config/orchestrator.yaml", () => {
  it("has one backend of each main kind", () => {
    const { backends } = load("config/orchestrator.yaml", WORKSPACE);
    expect(backends.map(({ name, kind, target }) => [name, kind, target])).toEqual([
      ["data", "genie", "01ef5c"],
      ["documents", "knowledge_assistant", "ka-1-endpoint"],
      ["model", "serving_endpoint", "risk-model"],
      ["agent", "app", "action-agent"],
    ]);
  });

  it("needs no models, no database and no tracing service", () => {
    const config = load("config/orchestrator.yaml", WORKSPACE);
    expect(config.models).toEqual({
      router: "none",
      planner: "none",
      synthesizer: "none",
      reviser: "none",
      judge: "none",
    });
    const { persistence, tracing } = config;
    expect([persistence.kind, persistence.url, persistence.lakebase]).toEqual([
      "sqlite",
      undefined,
      undefined,
    ]);
    expect([tracing.otlp, tracing.mlflow, tracing.langsmith]).toEqual([undefined, undefined, false]);
  });

  it("takes the optional parts from variables", () => {
    const config = load("config/orchestrator.yaml", {
      ...WORKSPACE,
      PLANNER_ENDPOINT: "big",
      PERSISTENCE_KIND: "postgres",
      LAKEBASE_ENDPOINT: "projects/p/branches/b/endpoints/e",
      LANGSMITH_TRACING: "true",
    });
    expect(config.models.planner).toMatchObject({ endpoint: "big", timeout_ms: 60_000 });
    expect(config.persistence).toMatchObject({
      kind: "postgres",
      lakebase: { endpoint: "projects/p/branches/b/endpoints/e" },
    });
    expect(config.tracing.langsmith).toBe(true);
  });

  it("names every variable that is missing", () => {
    let problems: readonly { found: string }[] = [];
    try {
      load("config/orchestrator.yaml", {});
    } catch (error) {
      if (error instanceof ConfigError) problems = error.problems;
    }
    expect(problems.map((each) => each.found)).toEqual(
      Object.keys(WORKSPACE).map((name) => `\${${name}}, which is not set`),
    );
  });
});

describe("config/sandbox.yaml", () => {
  it("needs the sandbox's address and nothing else", () => {
    const config = load("config/sandbox.yaml", { SANDBOX_URL: "http://127.0.0.1:1" });
    expect(config.workspace.host).toBe("http://127.0.0.1:1");
    expect(config.backends.map((backend) => backend.kind).toSorted()).toEqual([
      "app",
      "genie",
      "knowledge_assistant",
      "serving_endpoint",
    ]);
  });
});
