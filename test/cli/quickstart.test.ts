/** `orchestrator quickstart`: a first configuration on disk. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../config/load.ts";
import { readConfigFiles } from "../../config/read-files.ts";
import { runOrchestrator } from "./shell-double.ts";
import { startWorkspaceLists, type WorkspaceLists } from "./workspace-lists.ts";

let lists: WorkspaceLists;
let cwd = "";

beforeEach(async () => {
  lists = await startWorkspaceLists("t-1");
  cwd = mkdtempSync(join(tmpdir(), "orchestrator-quickstart-"));
  mkdirSync(join(cwd, "config"));
});
afterEach(async () => {
  await lists.close();
  rmSync(cwd, { recursive: true });
});

function quickstart(args: string[] = [], token = "t-1") {
  const env = { DATABRICKS_HOST: lists.url, DATABRICKS_TOKEN: token };
  return runOrchestrator(["quickstart", ...args], { env, cwd });
}

describe("quickstart", () => {
  it("writes a configuration that applies and loads", async () => {
    const { out, code } = await quickstart();
    expect(code).toBe(0);
    expect(out).toContain("Wrote config/workspace.yaml and ORCHESTRATOR_CONFIG in .env.");
    const { env, files } = readConfigFiles({ DATABRICKS_HOST: lists.url, DATABRICKS_TOKEN: "t-1" }, cwd);
    const config = loadConfig(env, files);
    expect(config.workspace).toEqual({ host: lists.url, token: "t-1" });
    expect(config.backends).toHaveLength(6);
  });

  it("writes no credentials", async () => {
    await quickstart();
    expect(readFileSync(join(cwd, ".env"), "utf8")).toBe("ORCHESTRATOR_CONFIG=config/workspace.yaml\n");
    expect(readFileSync(join(cwd, "config/workspace.yaml"), "utf8")).not.toContain("t-1");
  });

  it("keeps what .env says", async () => {
    writeFileSync(join(cwd, ".env"), "ORCHESTRATOR_CONFIG=mine.yaml");
    await quickstart();
    expect(readFileSync(join(cwd, ".env"), "utf8")).toBe("ORCHESTRATOR_CONFIG=mine.yaml");
  });

  it("overwrites an earlier configuration only with --force", async () => {
    const path = join(cwd, "config/workspace.yaml");
    writeFileSync(path, "mine");
    expect((await quickstart()).code).toBe(1);
    expect(readFileSync(path, "utf8")).toBe("mine");
    expect((await quickstart(["--force"])).code).toBe(0);
    expect(readFileSync(path, "utf8")).not.toBe("mine");
  });

  it("writes nothing when the token is refused", async () => {
    const { err, code } = await quickstart([], "wrong");
    expect(code).toBe(1);
    expect(err).toContain("Not listed: apps: ");
    expect(existsSync(join(cwd, "config/workspace.yaml"))).toBe(false);
  });

  it("points to the sandbox when no workspace is named", async () => {
    const { err, code } = await runOrchestrator(["quickstart"], { cwd });
    expect(err).toContain("`npm start` runs with the sandbox");
    expect(code).toBe(1);
  });
});
