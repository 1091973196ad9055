/** Variables in configuration files. */
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../config/config-error.ts";
import { loadConfig } from "../../config/load.ts";

function load(rest: string, env: Record<string, string | undefined>) {
  const text = `workspace:\n  host: \${HOST:-https://a.example.com}\nbackends:\n  - name: sales\n    kind: genie\n    description: Sales figures.\n${rest}`;
  return loadConfig(env, [{ path: "test.yaml", text }]);
}

function problemsOf(rest: string, env: Record<string, string | undefined>) {
  try {
    load(rest, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("variables", () => {
  it("are filled in inside a longer text", () => {
    expect(load("    target: space-${ID}-${ENV:-dev}\n", { ID: "7" }).backends[0]?.target).toBe(
      "space-7-dev",
    );
  });

  it("that are missing are named with their line", () => {
    expect(problemsOf("    target: ${SPACE_ID}\n", {})).toEqual([
      {
        file: "test.yaml",
        line: 7,
        path: "backends[0].target",
        found: "${SPACE_ID}, which is not set",
        expected: "the value of an environment variable",
        fix: "set SPACE_ID in the environment or in .env, or give a default: ${SPACE_ID:-value}",
      },
    ]);
  });

  it("count as missing when they are empty", () => {
    expect(problemsOf("    target: ${SPACE_ID}\n", { SPACE_ID: "" }).map((each) => each.path)).toEqual([
      "backends[0].target",
    ]);
  });

  it("become numbers and booleans where those are expected", () => {
    const [backend] = load("    target: ${ID}\n    timeout_ms: ${MS}\n    writes: ${W}\n", {
      ID: "0042",
      MS: "1500",
      W: "true",
    }).backends;
    expect(backend).toMatchObject({ target: "0042", timeout_ms: 1500, writes: true });
  });

  it("are shown with their value when it does not fit", () => {
    expect(problemsOf("    target: a\n    timeout_ms: ${MS}\n", { MS: "soon" })[0]?.found).toBe(
      '"soon" from ${MS}',
    );
  });

  it("that expand to nothing leave the key out", () => {
    expect(load("    target: a\n    timeout_ms: ${MS:-}\n", {}).backends[0]?.timeout_ms).toBe(60_000);
  });

  it("that expand to nothing leave out a mapping that holds nothing else", () => {
    const rest = "    target: a\ntracing:\n  otlp:\n    url: ${OTLP_URL:-}\n";
    expect(load(rest, {}).tracing.otlp).toBeUndefined();
    expect(load(rest, { OTLP_URL: "http://127.0.0.1:4318/v1/traces" }).tracing.otlp?.url).toBe(
      "http://127.0.0.1:4318/v1/traces",
    );
  });

  it("stay as they are behind a second dollar sign", () => {
    expect(load("    target: a\n    not_for: costs $${X}\n", {}).backends[0]?.not_for).toBe("costs ${X}");
  });

  it("are not filled in inside values of other variables", () => {
    expect(load("    target: ${A}\n", { A: "${B}", B: "secret" }).backends[0]?.target).toBe("${B}");
  });
});

describe("placeholders", () => {
  it.each([
    "<your-space-id>",
    "TODO",
    "changeme",
    "xxx",
    "my-genie-space-id",
    "your-endpoint-name",
    "https://your-workspace.cloud.databricks.com",
    "[space id]",
  ])("are found as a whole value: %s", (value) => {
    expect(problemsOf(`    target: "${value}"\n`, {}).map((each) => each.found)).toEqual([
      `the placeholder ${JSON.stringify(value.startsWith("https") ? "https://your-" : value)}`,
    ]);
  });

  it("are found in the value of a variable, which is then named", () => {
    expect(problemsOf("    target: ${SPACE_ID}\n", { SPACE_ID: "<your-space-id>" })).toEqual([
      expect.objectContaining({
        found: 'the placeholder "<your-space-id>" from ${SPACE_ID}',
        fix: "set ${SPACE_ID} to a real value in the environment or in .env",
      }),
    ]);
  });

  it.each(["my-sales-agent", "your_team", "Is xxx large?", "a todo list", "01ef5c9a"])(
    "are not seen in %s",
    (value) => {
      expect(load(`    target: "${value}"\n`, {}).backends[0]?.target).toBe(value);
    },
  );

  it("are left alone in examples when they may be words", () => {
    expect(
      load(`    target: a\n    examples: ["[region]", "xxx", "change me"]\n`, {}).backends[0]?.examples,
    ).toHaveLength(3);
  });
});
