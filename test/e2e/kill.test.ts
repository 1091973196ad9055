import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createCompany } from "../../sandbox/company/company.ts";
import type { Company } from "../../sandbox/company/contract.ts";
import { startSandbox, type Sandbox } from "../../sandbox/server.ts";
import { startServerProcess } from "./server-process.ts";
import { textOf, type ResponseBody } from "./stack.ts";

let company: Company;
let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  company = await createCompany();
  sandbox = await startSandbox({ company, genieStepMs: 2 });
  folder = await mkdtemp(join(tmpdir(), "orchestrator-"));
});
afterAll(async () => {
  await sandbox.close();
  await company.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(url: string, input: string): Promise<ResponseBody> {
  const reply = await fetch(`${url}/responses`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input, custom_inputs: { thread_id: "kept" } }),
  });
  return (await reply.json()) as ResponseBody;
}

async function admin(path: string, method: string, body?: object): Promise<unknown> {
  const init = {
    method,
    headers: { "content-type": "application/json" },
    body: body && JSON.stringify(body),
  };
  return (await fetch(`${sandbox.url}/_admin/${path}`, init)).json();
}

async function called(endpoint: string): Promise<boolean> {
  const { calls } = (await admin("calls", "GET")) as { calls: { endpoint: string }[] };
  return calls.some((call) => call.endpoint === endpoint);
}

describe("a server that is killed", () => {
  it("still knows the conversation after SIGKILL between two backend calls", async () => {
    const env = { SANDBOX_URL: sandbox.url, ORCHESTRATOR_DB: join(folder, "kept.db") };
    const first = await startServerProcess(env);
    await ask(first.url, "What was the MRR of enterprise customers last month?");
    await admin("faults", "POST", { endpoint: "app", fault: { kind: "hang" } });
    const lost = ask(
      first.url,
      "Which enterprise customers are most likely to churn? Then make a retention plan for them.",
    );
    lost.catch(() => "the connection breaks with the process");
    await vi.waitFor(async () => expect(await called("app")).toBe(true), { timeout: 10_000 });
    await first.kill();
    await admin("reset", "POST", {});

    const second = await startServerProcess(env);
    const followUp = await ask(second.url, "And by region?");
    expect(followUp.status).toBe("completed");
    expect(followUp.custom_outputs.plan?.steps.map((step) => step.backend)).toEqual(["revenue_genie"]);
    for (const part of ["Enterprise", "EMEA", "AMER", "APAC"]) expect(textOf(followUp)).toContain(part);
    expect(await second.stop()).toBe(0);
  }, 60_000);
});
