/** Which configuration file applies, and what the environment becomes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError } from "../../config/config-error.ts";
import { readConfigFiles } from "../../config/read-files.ts";

let cwd = "";

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "orchestrator-config-"));
  mkdirSync(join(cwd, "config"));
  writeFileSync(join(cwd, "config/sandbox.yaml"), "name: sandbox\n");
  writeFileSync(join(cwd, "config/orchestrator.yaml"), "name: workspace\n");
});
afterEach(() => rmSync(cwd, { recursive: true }));

function chosen(env: Record<string, string | undefined>) {
  const { files, mode } = readConfigFiles({ DATABRICKS_CONFIG_FILE: join(cwd, "none"), ...env }, cwd);
  return [...files.map((file) => file.path), mode];
}

describe("readConfigFiles", () => {
  it.each([
    [{}, ["config/sandbox.yaml", "sandbox"]],
    [{ DATABRICKS_HOST: "" }, ["config/sandbox.yaml", "sandbox"]],
    [{ DATABRICKS_HOST: "h" }, ["config/orchestrator.yaml", "workspace"]],
    [{ DATABRICKS_CONFIG_PROFILE: "p" }, ["config/orchestrator.yaml", "workspace"]],
    [{ DATABRICKS_APP_NAME: "app" }, ["config/orchestrator.yaml", "workspace"]],
    [
      { ORCHESTRATOR_CONFIG: "./config/sandbox.yaml", DATABRICKS_HOST: "h" },
      ["./config/sandbox.yaml", "sandbox"],
    ],
    [
      { ORCHESTRATOR_CONFIG: "config/orchestrator.yaml, config/sandbox.yaml" },
      ["config/orchestrator.yaml", "config/sandbox.yaml", "sandbox"],
    ],
  ])("chooses by %j: %j", (env, expected) => {
    expect(chosen(env)).toEqual(expected);
  });

  it("reads an absolute path", () => {
    const path = join(cwd, "config/orchestrator.yaml");
    expect(readConfigFiles({ ORCHESTRATOR_CONFIG: path }, cwd).files).toEqual([
      { path, text: "name: workspace\n" },
    ]);
  });

  it("refuses a file that does not exist", () => {
    expect(() => chosen({ ORCHESTRATOR_CONFIG: "nowhere.yaml" })).toThrow(ConfigError);
  });

  it("names a folder that stands where a file should, .env too", () => {
    const folder = (env: Record<string, string>) => () => chosen(env);
    const problem = { found: "a folder", expected: "a readable file", fix: "name the file in it" };
    const of = (file: string) =>
      expect.objectContaining({ problems: [expect.objectContaining({ file, ...problem })] });
    expect(folder({ ORCHESTRATOR_CONFIG: "config" })).toThrow(of("config"));
    mkdirSync(join(cwd, ".env"));
    expect(folder({})).toThrow(of(".env"));
  });

  it("inside Databricks Apps refuses to go on without a configuration", () => {
    rmSync(join(cwd, "config/orchestrator.yaml"));
    expect(() => chosen({ DATABRICKS_APP_NAME: "app" })).toThrow(ConfigError);
  });

  it("inside Databricks Apps refuses the sandbox", () => {
    expect(() => chosen({ DATABRICKS_APP_NAME: "app", ORCHESTRATOR_CONFIG: "config/sandbox.yaml" })).toThrow(
      ConfigError,
    );
  });

  it("puts .env below what is really set", () => {
    writeFileSync(join(cwd, ".env"), 'A=file\nB="from file" # note\nC=file\n');
    expect(readConfigFiles({ A: "real", C: "" }, cwd).env).toMatchObject({
      A: "real",
      B: "from file",
      C: "file",
    });
  });

  it("lets .env name the workspace", () => {
    writeFileSync(join(cwd, ".env"), "DATABRICKS_HOST=https://h\n");
    expect(chosen({})).toEqual(["config/orchestrator.yaml", "workspace"]);
  });

  it("takes the host from the profile of the Databricks CLI", () => {
    const path = join(cwd, ".databrickscfg");
    writeFileSync(
      path,
      "[DEFAULT]\nhost = https://default\n\n[dev]\nauth_type = databricks-cli\nhost = https://dev\n",
    );
    const env = { DATABRICKS_CONFIG_FILE: path, DATABRICKS_CONFIG_PROFILE: "dev" };
    expect(readConfigFiles(env, cwd).env.DATABRICKS_HOST).toBe("https://dev");
    expect(readConfigFiles({ ...env, DATABRICKS_HOST: "https://own" }, cwd).env.DATABRICKS_HOST).toBe(
      "https://own",
    );
  });
});
