import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { overlay } from "../tracing/overlay.ts";
import { startStack, textOf, type ResponseBody, type Stack } from "./stack.ts";

const QUESTION = "Which enterprise customers are most likely to churn? Then make a retention plan for them.";

interface Entry {
  checkpoint_id: string;
  source: string;
  nodes: string[];
  next: string[];
  duration_ms: number | null;
  cost: { usd: number | null };
}

/** Of all the routes here; each test reads what its route answers with. */
interface Reply {
  question: string;
  has_more: boolean;
  data: Entry[];
  plan: { steps: { backend: string }[] };
  findings: { backend: string }[];
  answer: { text: string };
  original: ResponseBody;
  rerouted: ResponseBody;
  reused: string[];
  diff: { evidence: Record<string, { hash: string }[]>; text: Record<string, string[]> };
}

let stack: Stack;
let answered: ResponseBody;
beforeAll(async () => {
  stack = await startStack();
  const { body } = await stack.ask({ input: QUESTION, custom_inputs: { thread_id: "main" } });
  answered = body;
});
afterAll(() => stack.close());

async function call(method: string, path: string, body?: object) {
  const reply = await fetch(stack.url + path, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Reply };
}

async function backendsAsked(): Promise<string[]> {
  const asked = new Set(["genie_mcp", "genie", "ka", "churn", "app"]);
  return (await stack.calls()).map((one) => one.endpoint).filter((name) => asked.has(name));
}

async function historyOf(thread: string): Promise<Entry[]> {
  return (await call("GET", `/threads/${thread}/history?limit=100`)).body.data;
}

describe("looking back at a thread", () => {
  it("shows plan, findings and answer of its newest turn", async () => {
    const { status, body } = await call("GET", "/threads/main");
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: "main", question: QUESTION, next: [], waiting: null });
    const { findings, answer } = body;
    expect(findings.map((finding) => finding.backend)).toEqual(["churn_model", "retention_agent"]);
    expect(answer.text).toBe(textOf(answered));
  });

  it("lists every checkpoint with the nodes that ran, newest first, in pages", async () => {
    const entries = await historyOf("main");
    expect(entries.map((entry) => entry.nodes.join()).toReversed()).toEqual([
      "",
      "__start__",
      "classify",
      "dispatch",
      "churn_model",
      "dispatch",
      "retention_agent",
      "dispatch",
      "synthesize",
      "verify",
    ]);
    expect(entries.every((entry) => entry.duration_ms === null || entry.duration_ms >= 0)).toBe(true);
    const first = await call("GET", "/threads/main/history?limit=4");
    expect(first.body).toMatchObject({ has_more: true });
    const rest = await call("GET", `/threads/main/history?limit=4&before=${entries[3]?.checkpoint_id}`);
    expect(rest.body.data[0]).toEqual(entries[4]);
  });

  it("does not exist for anybody else", async () => {
    for (const [method, path] of [
      ["GET", "/threads/other"],
      ["GET", "/threads/other/history"],
      ["DELETE", "/threads/other"],
    ] as const)
      expect((await call(method, path)).status).toBe(404);
    expect((await call("POST", "/threads/other/fork", {})).status).toBe(404);
    expect((await call("GET", "/threads/main?checkpoint_id=none")).status).toBe(404);
  });
});

describe("what-if", () => {
  it("reroutes a response, asks only what changed, and leaves the thread as it was", async () => {
    await stack.forgetCalls();
    const { status, body } = await call("POST", `/responses/${answered.id}/reroute`, {
      backends: ["churn_model", "policy_assistant"],
    });
    expect(status).toBe(200);
    const { original, rerouted, reused, diff } = body;
    expect(original.id).toBe(answered.id);
    expect(rerouted.status).toBe("completed");
    expect(reused).toEqual(["s1"]);
    expect(new Set(await backendsAsked())).toEqual(new Set(["ka"]));
    expect(diff.evidence["kept"]?.length).toBeGreaterThan(0);
    expect(diff.evidence["added"]?.length).toBeGreaterThan(0);
    expect(diff.text["removed"]?.length).toBeGreaterThan(0);
    expect((await call("GET", "/threads/main")).body.question).toBe(QUESTION);
    expect((await call("GET", `/responses/${rerouted.id}`)).status).toBe(200);
  });

  it("refuses a route to nobody and an empty wish", async () => {
    const path = `/responses/${answered.id}/reroute`;
    expect((await call("POST", path, { backends: ["nobody"] })).status).toBe(400);
    expect((await call("POST", path, {})).status).toBe(400);
    expect((await call("POST", "/responses/resp_none/reroute", { backends: ["churn_model"] })).status).toBe(
      404,
    );
  });

  it("forks in the middle with an edited plan and keeps what was found", async () => {
    await stack.ask({ input: QUESTION, custom_inputs: { thread_id: "forked" } });
    const { body: view } = await call("GET", "/threads/forked");
    const plan = structuredClone(view.plan);
    plan.steps.pop();
    const middle = (await historyOf("forked")).find((entry) => entry.nodes.includes("churn_model"));
    await stack.forgetCalls();
    const { status, body } = await call("POST", "/threads/forked/fork", {
      checkpoint_id: middle?.checkpoint_id,
      plan,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ response: { status: "completed" } });
    expect(await backendsAsked()).toEqual([]);
    const after = await call("GET", "/threads/forked");
    expect(after.body.findings.map((f) => f.backend)).toEqual(["churn_model"]);
    const sources = (await historyOf("forked")).map((entry) => entry.source);
    expect(sources.filter((source) => source === "update")).toHaveLength(1);
  });

  it("forks with another question and plans it anew", async () => {
    await stack.ask({ input: "What is the MRR by region?", custom_inputs: { thread_id: "asked" } });
    const { body } = await call("POST", "/threads/asked/fork", {
      question: "What does the retention playbook say about low usage?",
    });
    expect(body).toMatchObject({ plan: expect.anything() as object, response: { status: "completed" } });
    const view = await call("GET", "/threads/asked");
    expect(view.body.findings.map((f) => f.backend)).toEqual(["policy_assistant"]);
  });
});

describe("deleting a thread", () => {
  it("removes every trace of it and of its what-ifs", async () => {
    const { body: first } = await stack.ask({
      input: "What is the MRR by region?",
      custom_inputs: { thread_id: "gone" },
    });
    const { body } = await call("POST", `/responses/${first.id}/reroute`, { backends: ["policy_assistant"] });
    const what = body.rerouted.id;
    expect(await call("DELETE", "/threads/gone")).toEqual({
      status: 200,
      body: { id: "gone", object: "thread", deleted: true },
    });
    for (const path of ["/threads/gone", `/responses/${first.id}`, `/responses/${what}`])
      expect((await call("GET", path)).status).toBe(404);
    expect((await call("DELETE", "/threads/gone")).status).toBe(404);
  });
});

describe("a caller at the limit", () => {
  it("leaves no fork and no what-if that did not run", async () => {
    const limited = await startStack(overlay({ server: { limits: { requests_per_minute: 1 } } }));
    const { body } = await limited.ask({ input: QUESTION, custom_inputs: { thread_id: "main" } });
    const post = (path: string, wish: object) =>
      fetch(limited.url + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(wish),
      });
    const history = async () => (await fetch(`${limited.url}/threads/main/history?limit=100`)).text();
    const before = await history();
    const fork = await post("/threads/main/fork", { question: "And now?" });
    const whatIf = await post(`/responses/${body.id}/reroute`, { backends: ["revenue_genie"] });
    expect([fork.status, whatIf.status]).toEqual([429, 429]);
    expect(await history()).toBe(before);
    await limited.close();
  });
});
