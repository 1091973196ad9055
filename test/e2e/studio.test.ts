import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@langchain/langgraph-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCompany } from "../../sandbox/company/company.ts";
import type { Company } from "../../sandbox/company/contract.ts";
import { startSandbox, type Sandbox } from "../../sandbox/server.ts";
import { ASSISTANT_ID } from "../../server/langgraph/assistant.ts";

const LIMIT_MS = 60_000;

interface Values {
  question: string;
  plan: { kind: string; steps: { backend: string }[] };
  findings: { backend: string; status: string }[];
  answer: { text: string };
}

let company: Company;
let sandbox: Sandbox;
let studio: ChildProcess;
let client: Client<Values>;
beforeAll(async () => {
  company = await createCompany();
  sandbox = await startSandbox({ company, genieStepMs: 2 });
  const port = await freePort();
  studio = spawn(process.execPath, ["--import", "tsx", "scripts/studio.ts", "--port", String(port)], {
    env: { PATH: `node_modules/.bin:${process.env.PATH}`, HOME: process.env.HOME, SANDBOX_URL: sandbox.url },
    stdio: "ignore",
  });
  client = new Client<Values>({ apiUrl: `http://127.0.0.1:${port}`, apiKey: null });
  await answering(`http://127.0.0.1:${port}/ok`);
}, LIMIT_MS);
afterAll(async () => {
  const ended = once(studio, "exit");
  studio.kill("SIGTERM");
  await ended;
  await sandbox.close();
  await company.close();
});

describe("npm run studio, driven by the official SDK", () => {
  it(
    "lists both graphs with their drawing and schemas",
    async () => {
      const assistants = await client.assistants.search();
      expect(assistants.map((assistant) => assistant.graph_id).toSorted()).toEqual([
        "orchestrator",
        "single_agent",
      ]);
      expect(assistants.map((assistant) => assistant.assistant_id)).toContain(ASSISTANT_ID);
      const { nodes, edges } = await client.assistants.getGraph("orchestrator", { xray: true });
      expect(nodes.map((node) => node.id)).toContain("revenue_genie");
      const labels = edges.filter((edge) => edge.conditional === true).map((edge) => edge.data);
      expect(new Set(labels)).toEqual(
        new Set([
          "ambiguous",
          "ask churn_model",
          "ask policy_assistant",
          "ask retention_agent",
          "ask revenue_genie",
          "needs approval",
          "no backend needed",
          "nothing found",
          "nothing left",
          "plan",
        ]),
      );
      const schemas = await client.assistants.getSchemas("orchestrator");
      expect(Object.keys(schemas.input_schema?.properties ?? {})).toEqual(
        expect.arrayContaining(["question", "options", "history"]),
      );
      expect(Object.keys(schemas.context_schema?.properties ?? {})).toEqual(["deadline_ms"]);
      expect(undescribed(schemas.input_schema)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "has the single agent as the second graph",
    async () => {
      const { nodes, edges } = await client.assistants.getGraph("single_agent");
      expect(nodes.map((node) => node.id)).toEqual(["__start__", "agent", "tools", "__end__"]);
      expect(edges.filter((edge) => edge.conditional === true).map((edge) => edge.data)).toEqual([
        "call tools",
        "answer",
      ]);
      const { input_schema } = await client.assistants.getSchemas("single_agent");
      expect(undescribed(input_schema)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "streams a run, shows its history, and forks it with an edited plan",
    async () => {
      const { thread_id } = await client.threads.create();
      const updated: string[] = [];
      const input = { question: "What is the MRR by region?" };
      for await (const chunk of client.runs.stream(thread_id, "orchestrator", {
        input,
        streamMode: "updates",
      }))
        if (chunk.event === "updates") updated.push(...Object.keys(chunk.data));
      expect(updated).toEqual(["classify", "dispatch", "revenue_genie", "dispatch", "synthesize", "verify"]);

      const history = await client.threads.getHistory(thread_id, { limit: 20 });
      expect(history.map((state) => state.next.join()).toReversed()).toEqual([
        "__start__",
        "classify",
        "dispatch",
        "revenue_genie",
        "dispatch",
        "synthesize",
        "verify",
        "",
      ]);
      const planned = history.find(
        (state) => state.next[0] === "dispatch" && state.values.findings.length === 0,
      );
      const plan = structuredClone(planned?.values.plan);
      if (plan?.steps[0] === undefined) throw new Error("No plan was kept.");
      plan.steps[0].backend = "policy_assistant";
      const fork = await client.threads.updateState(thread_id, {
        values: { plan },
        asNode: "classify",
        checkpointId: planned?.checkpoint.checkpoint_id ?? "",
      });
      await client.runs.wait(thread_id, "orchestrator", {
        input: null,
        checkpoint: { ...fork.configurable, checkpoint_map: null } as never,
      });
      const { values } = await client.threads.getState(thread_id);
      expect(values.findings.map((finding) => finding.backend)).toEqual(["policy_assistant"]);
    },
    LIMIT_MS,
  );

  it(
    "stops to ask back and takes the reply up",
    async () => {
      const { thread_id } = await client.threads.create();
      await client.runs.wait(thread_id, "orchestrator", { input: { question: "How are we doing?" } });
      const waiting = await client.threads.getState(thread_id);
      expect(waiting.next).toEqual(["clarify"]);
      expect(waiting.tasks[0]?.interrupts[0]?.value).toMatchObject({ type: "clarify" });
      await client.runs.wait(thread_id, "orchestrator", {
        command: { resume: "What is the MRR by region?" },
      });
      const { next, values } = await client.threads.getState(thread_id);
      expect(next).toEqual([]);
      expect(values.findings.map((finding) => finding.backend)).toEqual(["revenue_genie"]);
    },
    LIMIT_MS,
  );
});

function undescribed(schema: { properties?: object } | null | undefined): string[] {
  const properties = Object.entries(schema?.properties ?? {}) as [string, { description?: string }][];
  return properties.filter(([, { description }]) => description === undefined).map(([name]) => name);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The development server imports the graph before it answers; a start that fails ends the process. */
async function answering(url: string): Promise<void> {
  while (studio.exitCode === null) {
    const reply = await fetch(url).catch(() => null);
    if (reply?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`The Studio server ended with ${studio.exitCode}.`);
}
