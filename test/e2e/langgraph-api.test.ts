/** LangGraph's own clients against the deployed server, over the sandbox. */
import { END, START, StateGraph } from "@langchain/langgraph";
import { RemoteGraph } from "@langchain/langgraph/remote";
import { Client } from "@langchain/langgraph-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { LANGGRAPH_ROUTES } from "../../server/langgraph/langgraph-routes.ts";
import { overlay } from "../tracing/overlay.ts";
import { startStack, type Stack } from "./stack.ts";

const QUESTION = "What is the MRR by region?";
const POLICY = "What does our retention playbook say about late renewals?";
const ADA = "user-ada";

interface Values {
  [key: string]: unknown;
  question: string;
  plan: { kind: string; steps: { id: string; backend: string; question: string }[] };
  findings: { backend: string; status: string }[];
  answer: { text: string };
}

let stack: Stack;
let client: Client<Values>;
let bob: Client<Values>;
beforeAll(async () => {
  stack = await startStack(overlay({ server: { langgraph_api: true } }));
  client = clientOf(ADA);
  bob = clientOf("user-bob");
});
afterAll(() => stack.close());

/** No retries: a refusal is to be seen at once. */
function clientOf(token: string): Client<Values> {
  return new Client<Values>({
    apiUrl: `${stack.url}/langgraph`,
    apiKey: null,
    defaultHeaders: { "x-forwarded-access-token": token },
    callerOptions: { maxRetries: 0 },
  });
}

async function raw(method: string, path: string, body?: object): Promise<{ status: number; body: Failure }> {
  const reply = await fetch(`${stack.url}${path}`, {
    method,
    headers: { "content-type": "application/json", "x-forwarded-access-token": ADA },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Failure };
}

interface Failure {
  error?: { code: string; param: string | null; message: string };
}

async function events(thread: string, payload: object): Promise<{ event: string; data: unknown }[]> {
  const chunks: { event: string; data: unknown }[] = [];
  for await (const chunk of client.runs.stream(thread, "orchestrator", payload)) chunks.push(chunk);
  return chunks;
}

async function answered(question = QUESTION): Promise<string> {
  const { thread_id } = await client.threads.create();
  await client.runs.wait(thread_id, "orchestrator", { input: { question } });
  return thread_id;
}

describe("assistants", () => {
  it("are one, with graph and schemas, under the id that LangGraph's server gives", async () => {
    const assistants = await client.assistants.search();
    expect(assistants.map(({ graph_id, assistant_id }) => [graph_id, assistant_id])).toEqual([
      ["orchestrator", "224cf0be-a5c6-522f-86f0-b84379f45109"],
    ]);
    expect((await client.assistants.get(assistants[0]?.assistant_id ?? "")).graph_id).toBe("orchestrator");
    expect(await client.assistants.search({ graphId: "other" })).toEqual([]);
    expect(await client.assistants.count()).toBe(1);
    const { nodes, edges } = await client.assistants.getGraph("orchestrator", { xray: true });
    expect(nodes.map((node) => node.id)).toContain("revenue_genie");
    expect(edges.map((edge) => edge.data)).toEqual(expect.arrayContaining(["plan", "needs approval"]));
    const silent = nodes.filter(({ data }) => !JSON.stringify(data).includes('"description":"'));
    expect(silent.map(({ id }) => id)).toEqual(["__start__", "__end__"]);
    const schemas = await client.assistants.getSchemas("orchestrator");
    expect(Object.keys(schemas.input_schema?.properties ?? {})).toEqual(["question", "options", "history"]);
    expect(Object.keys(schemas.context_schema?.properties ?? {})).toEqual(["deadline_ms"]);
    expect(await client.assistants.getSubgraphs("orchestrator")).toEqual({});
    await expect(client.assistants.get("other")).rejects.toMatchObject({ status: 404 });
  });
});

describe("a run", () => {
  it("streams each mode", async () => {
    const { thread_id } = await client.threads.create();
    const modes = [
      "values",
      "updates",
      "custom",
      "messages-tuple",
      "messages",
      "tasks",
      "checkpoints",
      "debug",
    ];
    const chunks = await events(thread_id, {
      input: { question: QUESTION },
      streamMode: [...modes, "events"],
    });
    const seen = new Set(chunks.map((chunk) => chunk.event));
    const messages = ["messages", "messages/metadata", "messages/partial", "messages/complete"];
    expect(seen).toEqual(
      new Set([
        "metadata",
        "values",
        "updates",
        "custom",
        "tasks",
        "checkpoints",
        "debug",
        "events",
        ...messages,
      ]),
    );
    const nodes = chunks
      .filter(({ event }) => event === "updates")
      .flatMap(({ data }) => Object.keys(data as object));
    expect(nodes).toEqual(["classify", "dispatch", "revenue_genie", "dispatch", "synthesize", "verify"]);
    const last = chunks.findLast(({ event }) => event === "values")?.data as Values;
    const pieces = chunks
      .filter(({ event }) => event === "messages")
      .map(({ data }) => (data as [{ content: string }])[0]);
    expect(
      last.answer.text.startsWith(
        pieces
          .map(({ content }) => content)
          .join("")
          .slice(0, 40),
      ),
    ).toBe(true);
  });

  it.each([
    ["messages-tuple", "messages"],
    ["custom", "custom"],
    ["events", "events"],
  ])("streams %s alone", async (mode, event) => {
    const { thread_id } = await client.threads.create();
    const chunks = await events(thread_id, { input: { question: QUESTION }, streamMode: mode });
    expect(new Set(chunks.map((chunk) => chunk.event))).toEqual(new Set(["metadata", event]));
  });

  it("hands out neither tokens nor internal ids in any mode", async () => {
    const { thread_id } = await client.threads.create();
    const modes = ["debug", "checkpoints", "tasks", "events", "values"];
    const text = JSON.stringify(
      await events(thread_id, { input: { question: QUESTION }, streamMode: modes }),
    );
    expect(text).toContain(thread_id);
    expect(text).not.toContain(ADA);
    expect(text).not.toMatch(/t_[0-9a-f]{40}/);
  });

  it("tells its id first, and is listed with its status", async () => {
    const { thread_id } = await client.threads.create();
    let created: { run_id: string; thread_id?: string } | undefined;
    const payload = { input: { question: QUESTION }, onRunCreated: (run: typeof created) => (created = run) };
    await client.runs.wait(thread_id, "orchestrator", payload);
    const runs = await client.runs.list(thread_id);
    expect(runs.map(({ run_id, status }) => [run_id, status])).toEqual([[created?.run_id, "success"]]);
    expect((await client.runs.get(thread_id, created?.run_id ?? "")).thread_id).toBe(thread_id);
    await client.runs.delete(thread_id, created?.run_id ?? "");
    expect(await client.runs.list(thread_id)).toEqual([]);
  });

  it("without a thread answers and leaves nothing", async () => {
    const before = await client.threads.count();
    const values = (await client.runs.wait(null, "orchestrator", {
      input: { question: QUESTION },
    })) as Values;
    expect(values.findings.map((finding) => finding.backend)).toEqual(["revenue_genie"]);
    expect(await client.threads.count()).toBe(before);
  });

  it("in the background is joined", async () => {
    const { thread_id } = await client.threads.create();
    const { run_id, status } = await client.runs.create(thread_id, "orchestrator", {
      input: { question: QUESTION },
    });
    expect(["pending", "running"]).toContain(status);
    const values = await client.runs.join(thread_id, run_id);
    expect(values.findings.map((finding) => finding.backend)).toEqual(["revenue_genie"]);
    const chunks: string[] = [];
    for await (const { event } of client.runs.joinStream(thread_id, run_id)) chunks.push(event);
    expect(chunks).toEqual(["metadata", "values"]);
    expect((await client.runs.get(thread_id, run_id)).status).toBe("success");
  });

  it("in the background is cancelled", async () => {
    const { thread_id } = await client.threads.create();
    await stack.admin("faults", { endpoint: "ka", fault: { kind: "hang" } });
    const { run_id } = await client.runs.create(thread_id, "orchestrator", { input: { question: POLICY } });
    await client.runs.cancel(thread_id, run_id, true);
    expect((await client.runs.get(thread_id, run_id)).status).toBe("interrupted");
    await stack.admin("reset", {});
  });

  it("stops before the nodes that are named, and goes on", async () => {
    const { thread_id } = await client.threads.create();
    await client.runs.wait(thread_id, "orchestrator", {
      input: { question: QUESTION },
      interruptBefore: ["dispatch"],
    });
    const stopped = await client.threads.getState(thread_id);
    expect([stopped.next, (await client.threads.get(thread_id)).status]).toEqual([
      ["dispatch"],
      "interrupted",
    ]);
    const values = (await client.runs.wait(thread_id, "orchestrator", { input: null })) as Values;
    expect(values.findings.map((finding) => finding.status)).toEqual(["ok"]);
    expect((await client.runs.list(thread_id)).map((run) => run.status)).toEqual(["success", "interrupted"]);
  });

  it("tells that every backend failed", async () => {
    const { thread_id } = await client.threads.create();
    const options = { backends: ["policy_assistant"] };
    await stack.admin("faults", { endpoint: "ka", fault: { kind: "status", status: 400 } });
    const chunks = await events(thread_id, { input: { question: POLICY, options }, streamMode: "updates" });
    await stack.admin("reset", {});
    expect(chunks.at(-1)?.event).toBe("error");
    expect(chunks.at(-1)?.data).toMatchObject({ error: "backend_error" });
  });
});

describe("a thread", () => {
  it("shows its state and history, and forks from a checkpoint with an edited plan", async () => {
    const thread = await answered();
    const history = await client.threads.getHistory(thread, { limit: 20 });
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
    const id = planned?.checkpoint.checkpoint_id ?? "";
    expect((await client.threads.getState(thread, id)).checkpoint.checkpoint_id).toBe(id);
    const plan = structuredClone(planned?.values.plan);
    if (plan?.steps[0] === undefined) throw new Error("No plan was kept.");
    plan.steps[0].backend = "policy_assistant";
    const fork = await client.threads.updateState(thread, {
      values: { plan },
      asNode: "classify",
      checkpointId: id,
    });
    const values = (await client.runs.wait(thread, "orchestrator", {
      input: null,
      checkpointId: String(fork.configurable?.["checkpoint_id"]),
    })) as Values;
    expect(values.findings.map((finding) => finding.backend)).toEqual(["policy_assistant"]);
    const pages = await client.threads.getHistory(thread, {
      limit: 3,
      before: { configurable: { checkpoint_id: id } },
    });
    expect(pages.map((state) => state.next.join())).toEqual(["classify", "__start__"]);
  });

  it("asks back once and takes the reply up", async () => {
    const { thread_id } = await client.threads.create();
    await client.runs.wait(thread_id, "orchestrator", { input: { question: "How are we doing?" } });
    const waiting = await client.threads.get(thread_id);
    expect(waiting.status).toBe("interrupted");
    expect(Object.values(waiting.interrupts)[0]?.[0]?.value).toMatchObject({ type: "clarify" });
    const values = (await client.runs.wait(thread_id, "orchestrator", {
      command: { resume: QUESTION },
    })) as Values;
    expect(values.findings.map((finding) => finding.backend)).toEqual(["revenue_genie"]);
    expect((await client.threads.get(thread_id)).status).toBe("idle");
    expect((await client.runs.list(thread_id)).map((run) => run.status)).toEqual(["success", "interrupted"]);
  });

  it("is the same that /responses goes on with, and the other way round", async () => {
    const headers = { "x-forwarded-access-token": ADA };
    const thread = await answered();
    const next = await stack.ask({ input: "And by plan?", custom_inputs: { thread_id: thread } }, headers);
    expect(next.body.status).toBe("completed");
    const { values } = await client.threads.getState(thread);
    expect([values.question, values["turn"]]).toEqual(["And by plan?", 2]);
    const { body } = await stack.ask({ input: QUESTION }, headers);
    const key = body.custom_outputs.thread_id;
    const found = await client.threads.search({ ids: [key] });
    expect(found.map((each) => each.thread_id)).toEqual([key]);
    const more = (await client.runs.wait(key, "orchestrator", {
      input: { question: "And by plan?" },
    })) as Values;
    expect(more["turn"]).toBe(2);
    const runs = await client.runs.list(key);
    expect(runs.map((run) => `resp_${run.run_id.replaceAll("-", "")}`)).toContain(body.id);
  });

  it("is created once, described, searched for and deleted", async () => {
    const { thread_id } = await client.threads.create({
      threadId: "mine",
      metadata: { title: "First", tags: ["a"] },
    });
    expect(thread_id).toBe("mine");
    await expect(client.threads.create({ threadId: "mine" })).rejects.toMatchObject({ status: 409 });
    await client.threads.create({ threadId: "mine", ifExists: "do_nothing" });
    await client.threads.update("mine", { metadata: { title: "Second" } });
    const found = await client.threads.search({ metadata: { title: "Second" } });
    expect(found.map((each) => [each.thread_id, each.metadata])).toMatchObject([
      ["mine", { title: "Second", tags: ["a"], graph_id: "orchestrator" }],
    ]);
    expect(await client.threads.search({ metadata: { title: "First" } })).toEqual([]);
    expect(await client.threads.search({ metadata: { tags: ["a"], graph_id: "orchestrator" } })).toHaveLength(
      1,
    );
    await client.threads.delete("mine");
    await expect(client.threads.get("mine")).rejects.toMatchObject({ status: 404 });
  });
});

describe("another user", () => {
  it("finds nothing", async () => {
    const thread = await answered();
    const [run] = await client.runs.list(thread);
    const id = run?.run_id ?? "";
    const attempts = [
      bob.threads.get(thread),
      bob.threads.getState(thread),
      bob.threads.getHistory(thread),
      bob.threads.update(thread, { metadata: { title: "mine" } }),
      bob.threads.updateState(thread, { values: { question: "x" }, asNode: "clarify" }),
      bob.threads.delete(thread),
      bob.runs.list(thread),
      bob.runs.get(thread, id),
      bob.runs.join(thread, id),
      bob.runs.cancel(thread, id),
      bob.runs.delete(thread, id),
      bob.runs.wait(thread, "orchestrator", { input: { question: QUESTION } }),
      bob.runs.create(thread, "orchestrator", { input: { question: QUESTION } }),
    ];
    const ends = await Promise.allSettled(attempts);
    expect(
      ends.map((end) => (end.status === "rejected" ? (end.reason as { status: number }).status : end)),
    ).toEqual(attempts.map(() => 404));
    expect(await bob.threads.search()).toEqual([]);
    expect(await bob.threads.search({ ids: [thread] })).toEqual([]);
  });
});

describe("every route of a thread", () => {
  it("is not there for another user", async () => {
    const thread = await answered();
    const [run] = await client.runs.list(thread);
    const started = { assistant_id: "orchestrator", input: { question: QUESTION } };
    const edited = { values: { question: "x" }, as_node: "clarify" };
    const routes = LANGGRAPH_ROUTES.filter(({ paths }) => paths[0]?.includes(":thread_id"));
    for (const { method, paths } of routes) {
      for (const path of paths) {
        const at = path
          .replace(":thread_id", thread)
          .replace(":run_id", run?.run_id ?? "")
          .replace(":checkpoint_id", "x");
        const starts = /\/runs(\/stream|\/wait)?$/.test(path);
        const body = starts ? started : path.endsWith("/state") ? edited : {};
        const reply = await fetch(stack.url + at, {
          method: method.toUpperCase(),
          headers: { "content-type": "application/json", "x-forwarded-access-token": "user-bob" },
          ...(method === "get" || method === "delete" ? {} : { body: JSON.stringify(body) }),
        });
        expect.soft([method, path, reply.status]).toEqual([method, path, 404]);
        await reply.text();
      }
    }
    expect((await client.threads.get(thread)).thread_id).toBe(thread);
  });
});

describe("RemoteGraph", () => {
  it("invokes, streams, looks back and draws", async () => {
    const remote = new RemoteGraph({ graphId: "orchestrator", client });
    const { thread_id } = await client.threads.create();
    const config = { configurable: { thread_id } };
    const values = (await remote.invoke({ question: QUESTION }, config)) as Values;
    expect(values.findings.map((finding) => finding.backend)).toEqual(["revenue_genie"]);
    const updates: string[] = [];
    for await (const chunk of await remote.stream(
      { question: "And by plan?" },
      { ...config, streamMode: "updates" },
    ))
      updates.push(...Object.keys(chunk as object));
    expect(updates.at(-1)).toBe("verify");
    const state = await remote.getState(config);
    expect([state.next, (state.values as Values)["turn"]]).toEqual([[], 2]);
    const sources: string[] = [];
    for await (const each of remote.getStateHistory(config, { limit: 100 }))
      sources.push(each.metadata?.source ?? "");
    expect(sources.filter((source) => source === "input")).toHaveLength(2);
    expect(Object.keys((await remote.getGraphAsync()).nodes)).toContain("dispatch");
  });

  it("is a node of another graph", async () => {
    const State = z.object({ question: z.string(), answer: z.any().optional(), asked_by: z.string() });
    const graph = new StateGraph(State)
      .addNode("orchestrator", new RemoteGraph({ graphId: "orchestrator", client }))
      .addEdge(START, "orchestrator")
      .addEdge("orchestrator", END)
      .compile();
    const { answer } = await graph.invoke({ question: QUESTION, asked_by: "somebody" });
    expect((answer as Values["answer"]).text).toContain("EMEA");
  });

  it("is interrupted where the graph asks", async () => {
    const remote = new RemoteGraph({ graphId: "orchestrator", client });
    const { thread_id } = await client.threads.create();
    const asked = remote.invoke({ question: "How are we doing?" }, { configurable: { thread_id } });
    await expect(asked).rejects.toMatchObject({ name: "GraphInterrupt" });
  });
});

describe("what is wrong or not there", () => {
  it("is named", async () => {
    const thread = await answered();
    const at = `/langgraph/threads/${thread}`;
    const run = { assistant_id: "orchestrator", input: { question: QUESTION } };
    const cases: [method: string, path: string, body: object, status: number, param: string | null][] = [
      ["POST", `${at}/runs/wait`, {}, 400, "assistant_id"],
      ["POST", `${at}/runs/wait`, { ...run, assistant_id: "other" }, 404, "assistant_id"],
      ["POST", `${at}/runs/wait`, { assistant_id: "orchestrator" }, 400, "input"],
      ["POST", `${at}/runs/wait`, { ...run, input: {} }, 400, "input.question"],
      ["POST", `${at}/runs/wait`, { ...run, input: null }, 400, "input"],
      ["POST", `${at}/runs/wait`, { ...run, stream_mode: "tools" }, 400, "stream_mode"],
      ["POST", `${at}/runs/wait`, { ...run, multitask_strategy: "rollback" }, 400, "multitask_strategy"],
      ["POST", `${at}/runs/wait`, { ...run, on_disconnect: "continue" }, 400, "on_disconnect"],
      ["POST", `${at}/runs/wait`, { ...run, webhook: "https://x.example.com" }, 400, "webhook"],
      ["POST", `${at}/runs/wait`, { ...run, command: { goto: "synthesize" } }, 400, "command.goto"],
      ["POST", `${at}/runs/wait`, { ...run, command: { resume: "yes" } }, 400, "command.resume"],
      ["POST", `${at}/runs/wait`, { ...run, interrupt_before: ["nobody"] }, 400, "interrupt_before[0]"],
      ["POST", `${at}/runs/wait`, { ...run, checkpoint_id: "gone" }, 404, "checkpoint_id"],
      ["POST", `${at}/runs`, { ...run, input: null }, 400, "input"],
      ["POST", `${at}/runs`, { ...run, multitask_strategy: "reject" }, 400, "multitask_strategy"],
      ["POST", `${at}/state`, { values: { question: "x" }, as_node: "nobody" }, 400, "as_node"],
      ["POST", `${at}/state`, { values: { approvals: {} }, as_node: "approve" }, 400, "values"],
      ["POST", `${at}/history`, { limit: 0 }, 400, "limit"],
      ["POST", `${at}/history`, { metadata: { "x') --": 1 } }, 400, "metadata"],
      ["GET", `${at}/state/gone`, {}, 404, "checkpoint_id"],
      ["POST", "/langgraph/threads", { metadata: { graph_id: "other" } }, 400, "metadata.graph_id"],
      ["POST", "/langgraph/threads/search", { values: { a: 1 } }, 400, "values"],
      ["POST", "/langgraph/threads/none/runs/wait", run, 404, "thread_id"],
      ["PUT", "/langgraph/store/items", {}, 404, null],
      ["POST", "/langgraph/assistants", {}, 404, null],
    ];
    for (const [method, path, body, status, param] of cases) {
      const reply = await raw(method, path, method === "GET" ? undefined : body);
      expect.soft([path, reply.status, reply.body.error?.param]).toEqual([path, status, param]);
    }
  });
});
