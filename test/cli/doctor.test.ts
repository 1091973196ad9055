/** `orchestrator doctor` against the sandbox on a real socket. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/server.ts";
import { startStubSandbox } from "../sandbox/wire-company.ts";
import { runOrchestrator } from "./shell-double.ts";

let sandbox: Sandbox;
const folder = mkdtempSync(join(tmpdir(), "orchestrator-doctor-"));

beforeAll(async () => {
  sandbox = await startStubSandbox();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

function doctor(more: Record<string, string> = {}) {
  const env = {
    ORCHESTRATOR_CONFIG: "config/sandbox.yaml",
    SANDBOX_URL: sandbox.url,
    ORCHESTRATOR_DB: join(folder, "o.db"),
  };
  return runOrchestrator(["doctor"], { env: { ...env, ...more } });
}

describe("doctor", () => {
  it("finds everything right, one line each", async () => {
    const { out, code } = await doctor();
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => line.slice(0, 6).trim() + line.slice(6, 40).trim().replace(/ \(.*/, "")),
    ).toEqual([
      "okconfiguration",
      "oktoken",
      "okpersistence",
      "okrevenue_genie",
      "okpolicy_assistant",
      "okchurn_model",
      "okretention_agent",
    ]);
    expect(code).toBe(0);
  });

  it("says what is wrong with credentials and backends", async () => {
    const { out, code } = await doctor({ SANDBOX_CLIENT_SECRET: "wrong" });
    expect(out).toMatch(/^FAIL {2}token \(oauth-m2m\)/m);
    expect(out).toMatch(/^FAIL {2}churn_model .* unauthorized: /m);
    expect(out).not.toContain("wrong");
    expect(code).toBe(1);
  });

  it("says when the database cannot be used", async () => {
    const { out, code } = await doctor({ ORCHESTRATOR_DB: folder });
    expect(out).toMatch(/^FAIL {2}persistence \(sqlite\)/m);
    expect(code).toBe(1);
  });
});
