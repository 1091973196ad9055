/** Loading a configuration: what comes out, and what is said when it cannot. */
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../config/config-error.ts";
import type { Problem } from "../../config/config-error.ts";
import { loadConfig } from "../../config/load.ts";

const MINIMAL = `
workspace:
  host: https://dbc-1.cloud.databricks.com
backends:
  - name: sales
    kind: genie
    target: 01ef5c
    description: Sales figures by region.
`;

function load(text: string, env: Record<string, string | undefined> = {}) {
  return loadConfig(env, [{ path: "test.yaml", text }]);
}

function problemsOf(text: string, env: Record<string, string | undefined> = {}): readonly Problem[] {
  return problemsOfFiles([{ path: "test.yaml", text }], env);
}

function problemsOfFiles(files: { path: string; text: string }[], env: Record<string, string | undefined>) {
  try {
    loadConfig(env, files);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("loadConfig", () => {
  it("fills in every default", () => {
    const config = load(MINIMAL);
    expect(config.backends[0]).toMatchObject({
      name: "sales",
      timeout_ms: 60_000,
      transport: "auto",
      identity: "app",
    });
    expect(config.models).toEqual({
      router: "none",
      planner: "none",
      synthesizer: "none",
      reviser: "none",
      judge: "none",
    });
    expect(config.budgets.deadline_ms).toBe(110_000);
    expect(config.server.limits.body_bytes).toBe(10_000_000);
  });

  it("returns a configuration that is frozen all the way down", () => {
    const config = load(MINIMAL);
    expect(() => Object.assign(config.backends[0]?.policy ?? {}, { retries: 9 })).toThrow(TypeError);
    expect(() => config.backends.pop()).toThrow(TypeError);
  });

  it("leaves disabled backends out after checking them", () => {
    const more = `${MINIMAL}  - { name: docs, kind: knowledge_assistant, target: ka, description: Policies and playbooks, enabled: false }\n`;
    expect(load(more).backends.map((backend) => backend.name)).toEqual(["sales"]);
    expect(problemsOf(more.replace("target: ka", "targt: ka")).map((each) => each.path)).toEqual([
      "backends[1].target",
      "backends[1].targt",
    ]);
  });

  it("lays later files over earlier ones", () => {
    const over = "budgets: { max_steps: 3 }\nworkspace: { token: t }\n";
    const config = loadConfig({}, [
      { path: "a.yaml", text: MINIMAL },
      { path: "b.yaml", text: over },
    ]);
    expect(config.budgets.max_steps).toBe(3);
    expect(config.workspace).toEqual({ host: "https://dbc-1.cloud.databricks.com", token: "t" });
  });

  it("joins lists of named entries by name: what is new comes last, what is known is changed", () => {
    const over = `
backends:
  - { name: docs, kind: knowledge_assistant, target: ka, description: Policies and playbooks }
  - { name: sales, timeout_ms: 5000 }
`;
    const { backends } = loadConfig({}, [
      { path: "a.yaml", text: MINIMAL },
      { path: "b.yaml", text: over },
    ]);
    expect(backends.map(({ name, timeout_ms }) => [name, timeout_ms])).toEqual([
      ["sales", 5_000],
      ["docs", 60_000],
    ]);
  });

  it("points at the line of a joined entry in its own file", () => {
    const over =
      "backends:\n  - name: docs\n    kind: knowledge_assistant\n    target: ka\n    description: Policies and playbooks\n    timeout_ms: never\n";
    const files = [
      { path: "a.yaml", text: MINIMAL },
      { path: "b.yaml", text: over },
    ];
    expect(problemsOfFiles(files, {})).toEqual([
      expect.objectContaining({ file: "b.yaml", line: 6, path: "backends[1].timeout_ms" }),
    ]);
  });

  it("points at the file that a wrong value stands in", () => {
    const files = [
      { path: "a.yaml", text: MINIMAL },
      { path: "b.yaml", text: "\n\nbudgets:\n  max_steps: none\n" },
    ];
    expect(problemsOfFiles(files, {})).toEqual([
      expect.objectContaining({ file: "b.yaml", line: 4, path: "budgets.max_steps" }),
    ]);
  });

  it("asks for a file when it gets none", () => {
    expect(() => loadConfig({}, [])).toThrow("the configuration has 1 problem");
  });

  it("reports every problem at once, in the order of the file", () => {
    const text = `
workspace: {}
backends:
  - name: Sales
    kind: geni
    target: 1
  - name: docs
    kind: knowledge_assistant
    target: ka
    description: Policies and playbooks.
    timeout_ms: -3
    timout: 5
budget: {}
routing:
  threshold: 2
  rules:
    - { pattern: "(", backends: [doc] }
`;
    expect(problemsOf(text).map(({ line, path }) => `${line} ${path}`)).toEqual([
      "2 workspace.host",
      "4 backends[0].name",
      "4 backends[0].description",
      "5 backends[0].kind",
      "6 backends[0].target",
      "11 backends[1].timeout_ms",
      "12 backends[1].timout",
      "13 budget",
      "15 routing.threshold",
      "17 routing.rules[0].pattern",
      "17 routing.rules[0].backends[0]",
    ]);
  });
});

describe("a problem", () => {
  it("says what was found, what was expected and the fix", () => {
    expect(problemsOf(`${MINIMAL}    timeout_ms: fast\n`)).toEqual([
      {
        file: "test.yaml",
        line: 9,
        path: "backends[0].timeout_ms",
        found: '"fast"',
        expected: "a number over 0",
        fix: "write a number over 0",
      },
    ]);
  });

  it.each([
    ["    identity: usr\n", "backends[0].identity", "did you mean `user`?"],
    ["    timout_ms: 5\n", "backends[0].timout_ms", "did you mean `timeout_ms`?"],
    ["    zebra: 5\n", "backends[0].zebra", "remove the key"],
    ["    examples:\n", "backends[0].examples", "write a value or remove the key"],
    ["    not_for: 12\n", "backends[0].not_for", "put the value in quotes"],
    ["    policy: { retrys: 1 }\n", "backends[0].policy.retrys", "did you mean `retries`?"],
    ["models: { planner: gpt }\n", "models.planner", 'write "none" or a mapping'],
    [
      "models: { planner: { endpoint: a, timeout_ms: slow } }\n",
      "models.planner.timeout_ms",
      "write a number over 0",
    ],
    ["models: { planner: { endpoint: a, modle: b } }\n", "models.planner.modle", "did you mean `model`?"],
    [
      "routing: { rules: [{ pattern: a, backends: [sale] }] }\n",
      "routing.rules[0].backends[0]",
      "did you mean `sales`?",
    ],
    ["tracing: { redact: ['['] }\n", "tracing.redact[0]", "mend it; escape special signs with a backslash"],
  ])("in %j is placed at %s and fixed by: %s", (added, path, fix) => {
    expect(problemsOf(MINIMAL + added).map((each) => [each.path, each.fix])).toEqual([[path, fix]]);
  });

  it("offers the known kinds of a backend", () => {
    expect(problemsOf(MINIMAL.replace("genie", "geni"))[0]).toMatchObject({
      path: "backends[0].kind",
      expected: "one of app, genie, knowledge_assistant, serving_endpoint, mcp, sql, supervisor",
      fix: "did you mean `genie`?",
    });
  });

  it("of a file that holds nothing names the file", () => {
    expect(problemsOf("").map(({ file, path }) => `${file} ${path}`)).toEqual([
      "test.yaml workspace",
      "test.yaml backends",
    ]);
    expect(problemsOf("a")[0]).toMatchObject({ file: "test.yaml", found: '"a"', expected: "a mapping" });
  });

  it("tells of a profile of the CLI that names no workspace", () => {
    const text = MINIMAL.replace("https://dbc-1.cloud.databricks.com", "${DATABRICKS_HOST}");
    const fix = problemsOf(text, { DATABRICKS_CONFIG_PROFILE: "dev" })[0]?.fix;
    expect(fix).toMatch(
      /^the profile "dev" has no host: run `databricks auth login --host .* --profile dev`/,
    );
  });

  it("offers a name that could be used, and the word that was meant", () => {
    const text = MINIMAL.replace("name: sales", "name: Sales (EMEA)");
    expect(problemsOf(text)[0]?.fix).toBe('write for example "sales_emea"');
    expect(problemsOf(`${MINIMAL}models: { router: nonne }\n`)[0]).toMatchObject({
      expected: '"none" or a mapping',
      fix: "did you mean `none`?",
    });
  });

  it("never shows a secret", () => {
    const text = MINIMAL.replace("backends:", "  token: [dapi0123]\n  client_secret: 5\nbackends:");
    expect(JSON.stringify(problemsOf(text))).not.toContain("dapi0123");
    expect(problemsOf(text).map((each) => each.found)).toEqual(["a list of 1", "a secret value (not shown)"]);
  });

  it("of broken YAML has the line of the break", () => {
    expect(problemsOf("workspace:\n  host: a: b\n")).toEqual([
      expect.objectContaining({ line: 2, expected: "valid YAML" }),
    ]);
  });
});

describe("checks across values", () => {
  it.each([
    ["plan", 'the reserved name "plan"'],
    ["synthesize", 'the reserved name "synthesize"'],
  ])("refuse the backend name %s", (name, found) => {
    expect(problemsOf(MINIMAL.replace("name: sales", `name: ${name}`)).map((each) => each.found)).toEqual([
      found,
    ]);
  });

  it("refuse two backends of one name", () => {
    const twice = `${MINIMAL}  - { name: sales, kind: app, target: crm, description: The CRM agent. }\n`;
    expect(problemsOf(twice)).toEqual([
      expect.objectContaining({ path: "backends[1].name", found: '"sales", also the name of backends[0]' }),
    ]);
  });

  it("refuse a configuration without an enabled backend", () => {
    expect(problemsOf(`${MINIMAL}    enabled: false\n`).map((each) => each.found)).toEqual([
      "no enabled backend",
    ]);
  });

  it("refuse a rule that names a disabled backend", () => {
    const text = `${MINIMAL}  - { name: docs, kind: app, target: d, description: All the documents, enabled: false }
routing: { rules: [{ pattern: policy, backends: [docs] }] }
`;
    expect(problemsOf(text).map((each) => each.fix)).toEqual(['enable "docs" or take it out of the rule']);
  });

  it("want a price for every model where money is limited", () => {
    const text = `${MINIMAL}budgets: { max_cost_usd: 1 }\nmodels: { planner: { endpoint: big } }\n`;
    expect(problemsOf(text).map((each) => each.path)).toEqual(["models.planner.price"]);
  });

  it("want one price for one model", () => {
    const text = `${MINIMAL}models:
  router: { endpoint: m, price: { input: 1, output: 2 } }
  planner: { endpoint: m, price: { input: 1, output: 3 } }
`;
    expect(problemsOf(text).map((each) => each.path)).toEqual(["models.planner.price"]);
  });

  it.each([
    ["client_id: a", "workspace.client_secret"],
    ["client_secret: a", "workspace.client_id"],
    ["auth_type: pat", "workspace.token"],
    ["auth_type: oauth-m2m", "workspace.client_id"],
    ["{ token: a, client_id: b, client_secret: c }", "workspace"],
  ])("want complete credentials: %s", (added, path) => {
    const lines = added
      .replace(/[{}]/g, "")
      .split(",")
      .map((line) => `  ${line.trim()}\n`)
      .join("");
    expect(problemsOf(MINIMAL.replace("backends:", `${lines}backends:`)).map((each) => each.path)).toEqual([
      path,
    ]);
  });

  it("want the workspace's address without a path", () => {
    const text = MINIMAL.replace("databricks.com", "databricks.com/browse?o=1");
    expect(problemsOf(text)).toEqual([
      expect.objectContaining({ fix: "write https://dbc-1.cloud.databricks.com" }),
    ]);
  });
});
