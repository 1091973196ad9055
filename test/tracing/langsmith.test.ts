import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStack, type Stack } from "../e2e/stack.ts";
import { overlay } from "./overlay.ts";

interface SmithRun {
  id: string;
  name: string;
  parent_run_id?: string;
  trace_id?: string;
  run_type: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  extra?: { metadata?: Record<string, unknown> };
}

const runs = new Map<string, SmithRun>();
const feedback: { method: string; path: string; body: Record<string, unknown> }[] = [];
let raw = "";
let server: Server;
let stack: Stack;

/** LangSmith's API as far as its client needs it. */
async function record(req: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  raw += text;
  const path = (req.url ?? "").split("?")[0] ?? "";
  if (path === "/info") return { version: "0", batch_ingest_config: { use_multipart_endpoint: false } };
  if (path === "/sessions")
    return [{ id: "0b0b0b0b-0000-4000-8000-000000000001", name: "default" }] as object;
  const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  if (path.startsWith("/feedback")) feedback.push({ method: req.method ?? "", path, body });
  const { post = [], patch = [] } = body as { post?: SmithRun[]; patch?: SmithRun[] };
  for (const run of [...post, ...patch]) runs.set(run.id, { ...runs.get(run.id), ...run });
  return {};
}

beforeAll(async () => {
  server = createServer((req, res) => {
    void record(req).then((answer) => {
      res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  stack = await startStack({
    ...overlay({ tracing: { langsmith: true } }),
    LANGSMITH_ENDPOINT: `http://127.0.0.1:${port}`,
    LANGSMITH_API_KEY: "test-key",
  });
});
afterAll(async () => {
  await stack.close();
  server.closeAllConnections();
  server.close();
});

async function until(what: () => boolean): Promise<void> {
  for (const late = Date.now() + 10_000; !what();) {
    if (Date.now() > late) throw new Error("It did not happen.");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("LangSmith's own client against a loopback endpoint", () => {
  it("gets a run per node, named as the node, with inputs, outputs and parents", async () => {
    const secret = `dapi${"12ab".repeat(8)}`;
    const { body } = await stack.ask({
      input: `@policy_assistant What does the retention playbook say about low usage? ${secret}`,
    });
    const run_id = body.id.replace("resp_", "");
    const root = () => [...runs.values()].find((run) => run.id.replaceAll("-", "") === run_id);
    await until(
      () =>
        root()?.outputs !== undefined &&
        [...runs.values()].some((run) => run.name === "verify" && run.outputs !== undefined),
    );
    expect(root()?.name).toBe("orchestrator");
    const nodes = [...runs.values()].filter((run) => run.parent_run_id === root()?.id);
    const named = (name: string) => nodes.find((run) => run.name === name);
    for (const name of ["classify", "dispatch", "policy_assistant", "synthesize", "verify"]) {
      expect(named(name)?.inputs).toBeTypeOf("object");
      expect(named(name)?.outputs).toBeTypeOf("object");
      expect(named(name)?.trace_id).toBe(root()?.id);
      expect(named(name)?.extra?.metadata?.langgraph_node).toBe(name);
    }
    expect(named("policy_assistant")?.inputs).toMatchObject({ step: "s1" });
    expect(named("policy_assistant")?.outputs).toMatchObject({
      findings: [{ backend: "policy_assistant", status: "ok" }],
    });
    expect(raw).not.toContain(secret);
  });

  it("gets feedback on the run", async () => {
    const { body } = await stack.ask({
      input: "@policy_assistant What does the playbook say about low usage?",
    });
    const reply = await fetch(`${stack.url}/feedback`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ response_id: body.id, value: false, comment: "No." }),
    });
    expect(reply.status).toBe(200);
    const vote = () => feedback.find((each) => each.body.key === "answered");
    await until(() => vote() !== undefined);
    const run_id = body.id.replace("resp_", "");
    expect(String(vote()?.body.run_id).replaceAll("-", "")).toBe(run_id);
    expect(vote()?.body).toMatchObject({ key: "answered", score: false, comment: "No." });
  });
});
