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
  extra?: { metadata?: Record<string, unknown>; invocation_params?: Record<string, unknown> };
  error?: string;
}

const runs = new Map<string, SmithRun>();
const feedback: { method: string; path: string; body: Record<string, unknown> }[] = [];
let raw = "";
let server: Server;
let stack: Stack;
let smith: Record<string, string>;

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
  smith = { LANGSMITH_ENDPOINT: `http://127.0.0.1:${port}`, LANGSMITH_API_KEY: "test-key" };
  stack = await startStack({ ...overlay({ tracing: { langsmith: true } }), ...smith });
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

describe("models", () => {
  it("appear as model runs below their nodes, with prompts, outputs and tokens", async () => {
    await stack.close();
    const model = { endpoint: "sandbox-model" };
    const models = { router: model, planner: model, synthesizer: model };
    const routing = { tiers: { rules: false, local: false, small: true, large: true } };
    stack = await startStack({
      ...overlay({ models, routing, tracing: { capture: "full", langsmith: true } }),
      ...smith,
    });
    const usage = { prompt_tokens: 70, completion_tokens: 9, total_tokens: 79 };
    const steps = [{ id: "s1", backend: "policy_assistant", question: "What about low usage?" }];
    // The router's words are no plan, so that the planner is asked as well.
    for (const said of [{ text: "no plan" }, { json: { kind: "plan", steps } }, { text: "Call them [1]." }]) {
      await stack.admin("model/queue", { ...said, usage });
    }
    const { body } = await stack.ask({ input: "What does the playbook say about low usage?" });
    const run_id = body.id.replace("resp_", "");
    const all = () => [...runs.values()].filter((run) => run.trace_id?.replaceAll("-", "") === run_id);
    const chats = () => all().filter((run) => run.run_type === "llm" && run.outputs !== undefined);
    await until(() => chats().length === 3);
    const nodeOf = (run: SmithRun) => all().find(({ id }) => id === run.parent_run_id)?.name;
    expect(chats().map((run) => [run.name, nodeOf(run)])).toEqual([
      ["chat sandbox-model", "classify"],
      ["chat sandbox-model", "classify"],
      ["chat sandbox-model", "synthesize"],
    ]);
    const writing = chats()[2];
    const prompt = JSON.stringify(writing?.inputs);
    expect(prompt).toContain("You write the answer to the user");
    expect(prompt).toContain("What does the playbook say about low usage?");
    expect(JSON.stringify(writing?.outputs)).toContain("Call them [1].");
    expect(JSON.stringify(writing?.outputs)).toContain(
      '"usage_metadata":{"input_tokens":70,"output_tokens":9,"total_tokens":79}',
    );
    expect(writing?.extra?.metadata).toMatchObject({ ls_model_name: "sandbox-model", ls_model_type: "chat" });
  });

  it("that fail are failed runs", async () => {
    await stack.admin("faults", { endpoint: "model", fault: { kind: "status", status: 400 } });
    const { body } = await stack.ask({ input: "What does the playbook say about discounts?" });
    const run_id = body.id.replace("resp_", "");
    const failed = () =>
      [...runs.values()].filter(
        (run) =>
          run.run_type === "llm" && run.error !== undefined && run.trace_id?.replaceAll("-", "") === run_id,
      );
    await until(() => failed().length > 0);
    expect(failed()[0]?.name).toBe("chat sandbox-model");
  });
});
