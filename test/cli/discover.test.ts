/** `orchestrator discover`: what a workspace has, as configuration. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { toBackends } from "../../cli/discover/to-backends.ts";
import { loadConfig } from "../../config/load.ts";
import { SPACE, startStubSandbox } from "../sandbox/wire-company.ts";
import { runOrchestrator } from "./shell-double.ts";
import { startWorkspaceLists, type WorkspaceLists } from "./workspace-lists.ts";

let lists: WorkspaceLists | null = null;
afterEach(async () => {
  await lists?.close();
  lists = null;
});

async function discover(forbidden: string[] = []) {
  lists = await startWorkspaceLists("t-1", forbidden);
  return runOrchestrator(["discover"], {
    env: { DATABRICKS_HOST: lists.url, DATABRICKS_TOKEN: "t-1" },
    cwd: "/",
  });
}

describe("discover", () => {
  it("lists spaces, endpoints and apps over all pages", async () => {
    const { out, code } = await discover();
    expect(parse(out)).toEqual({
      backends: [
        {
          name: "sales_revenue",
          kind: "genie",
          target: "01ef",
          description: "Bookings, revenue and churn by month.",
        },
        {
          name: "sales_revenue_2",
          kind: "genie",
          target: "02ef",
          description: 'Genie space "Sales/Revenue": answers questions about its tables.',
        },
        {
          name: "ka_12_endpoint",
          kind: "knowledge_assistant",
          target: "ka-12-endpoint",
          description: "Serving endpoint ka-12-endpoint.",
        },
        { name: "churn", kind: "serving_endpoint", target: "churn", description: "Serving endpoint churn." },
        {
          name: "retention_agent",
          kind: "app",
          target: "retention-agent",
          description: "Plans what to do about customers at risk.",
        },
        { name: "crm", kind: "app", target: "crm", description: "Databricks App crm." },
      ],
    });
    expect(code).toBe(0);
  });

  it("prints a block that loads as it is", async () => {
    const { out } = await discover();
    const files = [{ path: "found.yaml", text: `workspace: { host: a.example.com }\n${out}` }];
    expect(loadConfig({}, files).backends).toHaveLength(6);
  });

  it("names chat models beside it", async () => {
    expect((await discover()).err).toContain("Chat models for `models`: databricks-claude\n");
  });

  it("goes on when one list is forbidden, and says so", async () => {
    const { out, err, code } = await discover(["/api/2.0/genie/spaces"]);
    expect(out).not.toContain("genie");
    expect(err).toMatch(/^# Not listed: Genie spaces: /m);
    expect(code).toBe(0);
  });

  it("says how to name a workspace when none is, and lists the sandbox meanwhile", async () => {
    const sandbox = await startStubSandbox();
    const { out, err, code } = await runOrchestrator(["discover"], {
      env: { SANDBOX_URL: sandbox.url },
      cwd: "/",
    });
    await sandbox.close();
    expect(err).toMatch(/^# No workspace is named. Log in with `databricks auth login .*\n# Until then, /);
    expect(err).not.toContain("Not listed");
    const found = parse(out) as { backends: { kind: string; target: string }[] };
    expect(found.backends.map(({ kind, target }) => `${kind} ${target}`)).toEqual([
      `genie ${SPACE}`,
      "knowledge_assistant ka-policies-endpoint",
      "serving_endpoint churn-model-endpoint",
      "serving_endpoint chat-agent-endpoint",
      "serving_endpoint revenue-forecast-endpoint",
      "app retention-agent",
    ]);
    expect(code).toBe(0);
  });

  it("says so when the profile names no workspace", async () => {
    const { err, code } = await runOrchestrator(["discover"], {
      env: { DATABRICKS_CONFIG_PROFILE: "nope", DATABRICKS_CONFIG_FILE: "/nowhere" },
      cwd: "/",
    });
    expect(err).toContain('The profile "nope" names no workspace');
    expect(code).toBe(1);
  });

  it("says what is wrong when the host is no workspace", async () => {
    const other = createServer((req, res) => {
      res.writeHead(req.url?.startsWith("/api/2.0/apps") === true ? 404 : 200).end("<html></html>");
    }).listen(0, "127.0.0.1");
    await once(other, "listening");
    const host = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const env = { DATABRICKS_HOST: host, DATABRICKS_TOKEN: "t-1" };
    const { err, code } = await runOrchestrator(["discover"], { env, cwd: "/" });
    other.close();
    expect(err).toContain(
      "# Not listed: apps: the workspace does not offer this list; check DATABRICKS_HOST.\n",
    );
    expect(err).toContain("serving endpoints: the answer is not one of a Databricks workspace;");
    expect(err).not.toContain("target");
    expect(code).toBe(1);
  });
});

describe("toBackends", () => {
  const nothing = { apps: [], spaces: [], endpoints: [], failures: [] };

  it.each([
    ["42", "genie"],
    ["Übersicht Verkäufe", "ubersicht_verkaufe"],
    ["売上", "genie"],
    ["plan", "plan_2"],
    ["x".repeat(60), "x".repeat(41)],
  ])("makes the name of %s to %s", (title, name) => {
    expect(toBackends({ ...nothing, spaces: [{ space_id: "1", title }] }).backends[0]?.name).toBe(name);
  });

  it("keeps a dollar sign in a description from becoming a variable", () => {
    const spaces = [{ space_id: "1", title: "a", description: "Costs ${X} a month" }];
    expect(toBackends({ ...nothing, spaces }).backends[0]?.description).toBe("Costs $${X} a month");
  });
});
