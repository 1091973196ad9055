import type { RunnableConfig } from "@langchain/core/runnables";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import type { ChatModel } from "../../backends/chat-model.ts";
import { BackendError } from "../../backends/errors.ts";
import { Plan } from "../../routing/plan.ts";
import { planOf } from "../nodes/plan-double.ts";
import { graphDouble } from "./graph-double.ts";
import { scriptedBackend, scriptedRouter } from "./scripted.ts";

const table = {
  kind: "table" as const,
  title: "At risk",
  url: "https://workspace/x",
  columns: [{ name: "customer", type: "STRING" }],
  rows: [["Acme"], ["Zenith"]],
  row_count: 2,
  truncated: false,
};
const chain = planOf(
  { id: "s1", backend: "churn", question: "Who?", extract: [{ name: "customers", type: "list", limit: 5 }] },
  { id: "s2", backend: "genie", question: "MRR of {{s1.customers}}?", depends_on: ["s1"] },
);

function textOf(events: ReturnType<typeof graphDouble>["events"]): string {
  return events.map((event) => (event.type === "text" ? event.delta : "")).join("");
}

describe("the orchestrator graph", () => {
  it("looks up less where nothing was ever kept", async () => {
    class Counted extends MemorySaver {
      looks = 0;
      override getTuple(config: RunnableConfig) {
        this.looks += 1;
        return super.getTuple(config);
      }
    }
    const looksOf = async (fresh: boolean) => {
      const checkpointer = new Counted();
      const churn = scriptedBackend("churn", () => ({ text: "Two customers." }));
      const router = scriptedRouter(planOf({ id: "s1", backend: "churn", question: "Who?" }));
      await graphDouble({ backends: [churn], router, checkpointer }).ask({ question: "Who?", fresh });
      return checkpointer.looks;
    };
    expect([await looksOf(false), await looksOf(true)]).toEqual([3, 2]);
  });

  it("feeds a later backend from an earlier one and answers with citations", async () => {
    const churn = scriptedBackend("churn", () => ({ text: "Two customers.", evidence: [table] }));
    const genie = scriptedBackend("genie", () => ({ text: "MRR is 5." }), { kind: "genie", target: "x" });
    const { ask, events } = graphDouble({ backends: [churn, genie], router: scriptedRouter(chain) });
    const result = await ask({ question: "Who churns and what do they pay?" });
    expect(genie.asked[0]?.question).toBe("MRR of Acme and Zenith?");
    expect(result.status).toBe("completed");
    expect(result.answer?.citations.map((citation) => [citation.n, citation.evidence])).toEqual([
      [1, "s1.e1"],
    ]);
    expect(textOf(events)).toBe(result.answer?.text);
    expect(events.at(-1)?.type).toBe("answer");
  });

  it("goes on without a failing backend and names it in the answer", async () => {
    const churn = scriptedBackend("churn", () => ({ text: "Two customers.", evidence: [table] }));
    const genie = scriptedBackend("genie", () => {
      throw new BackendError("unavailable", "The Genie space did not answer.", {
        backend: "genie",
        attempts: 3,
      });
    });
    const { ask } = graphDouble({ backends: [churn, genie], router: scriptedRouter(chain) });
    const result = await ask({ question: "?" });
    expect(result.status).toBe("completed");
    expect(result.answer?.missing).toEqual([
      { step: "s2", backend: "genie", code: "unavailable", reason: "The Genie space did not answer." },
    ]);
    expect(result.findings[1]?.attempts).toBe(3);
  });

  it("asks the backend that came next when a step fails, once, and goes on from there", async () => {
    const broken = scriptedBackend("churn", () => {
      throw new BackendError("unavailable", "churn is away.", { backend: "churn" });
    });
    const spare = scriptedBackend("spare", () => ({ text: "Two customers.", evidence: [table] }));
    const genie = scriptedBackend("genie", () => ({ text: "MRR is 5." }), { kind: "genie", target: "x" });
    const [first, second] = chain.steps;
    const rejected = [
      { backend: "spare", probability: 0.3, reason: "" },
      { backend: "genie", probability: 0.1, reason: "" },
    ];
    const plan = Plan.parse({ ...chain, steps: [{ ...first, rejected }, second] });
    const { ask } = graphDouble({ backends: [broken, spare, genie], router: scriptedRouter(plan) });
    const result = await ask({ question: "Who churns and what do they pay?" });
    expect(result.findings.map(({ step, backend, status }) => [step, backend, status])).toEqual([
      ["s1", "churn", "failed"],
      ["s3", "spare", "ok"],
      ["s2", "genie", "ok"],
    ]);
    expect(genie.asked.map((request) => request.question)).toEqual(["MRR of Acme and Zenith?"]);
    expect(result.answer?.missing.map((gap) => gap.backend)).toEqual(["churn"]);
  });

  it("runs a plan that the client gave as it stands, also when a step fails", async () => {
    const broken = scriptedBackend("churn", () => {
      throw new BackendError("unavailable", "churn is away.", { backend: "churn" });
    });
    const spare = scriptedBackend("spare", () => ({ text: "Two customers." }));
    const rejected = [{ backend: "spare", probability: 0.9, reason: "" }];
    const plan = planOf({ id: "s1", backend: "churn", question: "Who?", rejected });
    const { ask } = graphDouble({ backends: [broken, spare], router: scriptedRouter(plan) });
    const result = await ask({ question: "Who?", options: { plan } });
    expect(result.status).toBe("failed");
    expect(spare.asked).toEqual([]);
  });

  it("fails with one sentence per backend when every step failed, and writes no answer", async () => {
    const failing = (name: string) =>
      scriptedBackend(name, () => {
        throw new BackendError("timeout", `${name} took too long.`, { backend: name });
      });
    const { ask, events } = graphDouble({
      backends: [failing("churn"), failing("genie")],
      router: scriptedRouter(chain),
    });
    const result = await ask({ question: "?" });
    expect(result.status).toBe("failed");
    expect(result.failure).toEqual({
      code: "timeout",
      message:
        "churn took too long. genie: Not asked: it needs s1.customers from churn, which gave no answer.",
    });
    expect(textOf(events)).toBe("");
  });

  it("ends the run when a backend throws anything but a BackendError", async () => {
    const churn = scriptedBackend("churn", () => {
      throw new TypeError("a bug");
    });
    const { ask } = graphDouble({
      backends: [churn],
      router: scriptedRouter(planOf({ id: "s1", backend: "churn", question: "?" })),
    });
    await expect(ask({ question: "?" })).rejects.toThrow("a bug");
  });

  it("carries a backend's own conversation to the next turn and starts each turn without old findings", async () => {
    const genie = scriptedBackend(
      "genie",
      (_, __, nth) => ({ text: `answer ${nth}`, conversation_id: "c1" }),
      {
        kind: "genie",
        target: "x",
      },
    );
    const router = scriptedRouter(planOf({ id: "s1", backend: "genie", question: "MRR?" }));
    const { ask } = graphDouble({ backends: [genie], router });
    await ask({ question: "MRR?" });
    const second = await ask({ question: "and by region?" });
    expect(genie.asked.map((request) => request.conversation_id)).toEqual([undefined, "c1"]);
    expect(second.findings).toHaveLength(1);
    expect(router.inputs[1]?.history).toEqual([
      { role: "user", content: "MRR?" },
      { role: "assistant", content: "answer 1" },
    ]);
    expect(router.inputs[1]?.previous?.backends_ok).toEqual(["genie"]);
  });

  it("asks back once and takes the reply up where it left off", async () => {
    const churn = scriptedBackend("churn", () => ({ text: "Two." }));
    const unclear = Plan.parse({
      kind: "clarify",
      clarify: { question: "Which region?", options: ["EMEA", "APAC"] },
      decision: { tier: "local" },
    });
    const router = scriptedRouter(unclear, planOf({ id: "s1", backend: "churn", question: "Who?" }));
    const { ask } = graphDouble({ backends: [churn], router });
    const first = await ask({ question: "Who churns?" });
    expect(first.status).toBe("interrupted");
    expect(first.answer?.text).toBe("Which region?\n1. EMEA\n2. APAC");
    const second = await ask({ question: "2" });
    expect(router.inputs[1]?.question).toBe("Who churns (APAC)");
    expect(second.answer?.text).toBe("Two.");
  });

  it("stops for approval, sends nothing before it, and goes on with exactly what was approved", async () => {
    const churn = scriptedBackend("churn", () => ({ text: "Two customers.", evidence: [table] }));
    const agent = scriptedBackend("agent", () => ({ text: "Done." }), { writes: true, approval: "writes" });
    const plan = planOf(
      {
        id: "s1",
        backend: "churn",
        question: "Who?",
        extract: [{ name: "customers", type: "list", limit: 5 }],
      },
      { id: "s2", backend: "agent", question: "Write to {{s1.customers}}", depends_on: ["s1"] },
    );
    const { ask } = graphDouble({ backends: [churn, agent], router: scriptedRouter(plan) });
    const first = await ask({ question: "?" });
    expect(first.status).toBe("interrupted");
    expect(first.approvals).toMatchObject([
      { step: "s2", payload: { backend: "agent", question: "Write to Acme and Zenith" } },
    ]);
    expect(agent.asked).toEqual([]);
    const id = first.approvals[0]?.id ?? "";
    const second = await ask({ question: "", approvals: [{ id, approve: true }] });
    expect(second.status).toBe("completed");
    expect(agent.asked.map((request) => request.question)).toEqual(["Write to Acme and Zenith"]);
    expect(churn.asked).toHaveLength(1);
  });

  it("asks with the question that a person edited, and names what a person refused", async () => {
    const agent = scriptedBackend("agent", () => ({ text: "Done." }), { approval: "always" });
    const plan = planOf({ id: "s1", backend: "agent", question: "Write to all" });
    const { ask } = graphDouble({ backends: [agent], router: scriptedRouter(plan) });
    const [asked] = (await ask({ question: "?" })).approvals;
    await ask({
      question: "",
      approvals: [{ id: asked?.id ?? "", approve: true, question: "Write to Acme" }],
    });
    expect(agent.asked.map((request) => request.question)).toEqual(["Write to Acme"]);
    const [again] = (await ask({ question: "?" })).approvals;
    const refused = await ask({
      question: "",
      approvals: [{ id: again?.id ?? "", approve: false, reason: "Too many." }],
    });
    expect(refused.status).toBe("completed");
    expect(refused.answer?.missing).toEqual([
      { step: "s1", backend: "agent", code: "refused", reason: "Not asked: Too many." },
    ]);
    expect(agent.asked).toHaveLength(1);
  });

  it("takes a new question on a thread that waits for approval as a refusal", async () => {
    const agent = scriptedBackend("agent", () => ({ text: "Done." }), { approval: "always" });
    const churn = scriptedBackend("churn", () => ({ text: "Two." }));
    const router = scriptedRouter(
      planOf({ id: "s1", backend: "agent", question: "Write" }),
      planOf({ id: "s1", backend: "churn", question: "Who?" }),
    );
    const { ask } = graphDouble({ backends: [agent, churn], router });
    await ask({ question: "Write to them" });
    const second = await ask({ question: "Who churns?" });
    expect(second.answer?.text).toBe("Two.");
    expect(agent.asked).toEqual([]);
  });

  it("takes one answer to an approval: a second one, of either kind, sends nothing", async () => {
    const agent = scriptedBackend("agent", () => ({ text: "Done." }), { approval: "always" });
    const { ask } = graphDouble({
      backends: [agent],
      router: scriptedRouter(planOf({ id: "s1", backend: "agent", question: "Write" })),
    });
    const first = await ask({ question: "Write to them" });
    const [asked] = first.approvals;
    const from = { question: "", checkpoint_id: first.checkpoint_id ?? "" };
    await ask({ ...from, approvals: [{ id: asked?.id ?? "", approve: true }] });
    for (const approve of [false, true]) {
      const again = await ask({ ...from, approvals: [{ id: asked?.id ?? "", approve }] });
      expect(again.failure?.code).toBe("nothing_waits");
    }
    expect(agent.asked).toHaveLength(1);
  });

  it("gives requests of different turns different ids, and knows an old one no more", async () => {
    const agent = scriptedBackend("agent", () => ({ text: "Done." }), { approval: "always" });
    const { ask } = graphDouble({
      backends: [agent],
      router: scriptedRouter(planOf({ id: "s1", backend: "agent", question: "Write" })),
    });
    const [old] = (await ask({ question: "Write to them" })).approvals;
    const [fresh] = (await ask({ question: "Write to them" })).approvals;
    expect(fresh?.id).not.toBe(old?.id);
    const stale = await ask({ question: "", approvals: [{ id: old?.id ?? "", approve: true }] });
    expect(stale.failure?.code).toBe("nothing_waits");
    expect(agent.asked).toEqual([]);
  });

  it("answers two different replies to one clarification each by itself", async () => {
    const churn = scriptedBackend("churn", () => ({ text: "Two." }));
    const unclear = Plan.parse({
      kind: "clarify",
      clarify: { question: "Which region?", options: ["EMEA", "APAC"] },
      decision: { tier: "local" },
    });
    const router = scriptedRouter(unclear, planOf({ id: "s1", backend: "churn", question: "Who?" }));
    const { ask } = graphDouble({ backends: [churn], router });
    const first = await ask({ question: "Who churns?" });
    const from = { checkpoint_id: first.checkpoint_id ?? "" };
    await ask({ question: "1", ...from });
    await ask({ question: "2", ...from });
    expect(router.inputs.map((input) => input.question)).toEqual([
      "Who churns?",
      "Who churns (EMEA)",
      "Who churns (APAC)",
    ]);
  });

  it("starts afresh after a clarified turn that died", async () => {
    const churn = scriptedBackend("churn", () => ({ text: "Churn." }));
    const agent = scriptedBackend("agent", () => {
      throw new TypeError("the process dies here");
    });
    const genie = scriptedBackend("genie", () => ({ text: "MRR is 5." }));
    const unclear = Plan.parse({
      kind: "clarify",
      clarify: { question: "Which?" },
      decision: { tier: "local" },
    });
    const two = planOf(
      { id: "s1", backend: "churn", question: "Who?" },
      { id: "s2", backend: "agent", question: "Plan", depends_on: ["s1"] },
    );
    const router = scriptedRouter(unclear, two, planOf({ id: "s1", backend: "genie", question: "MRR?" }));
    const { ask } = graphDouble({ backends: [churn, agent, genie], router });
    await ask({ question: "Show me" });
    await expect(ask({ question: "churn" })).rejects.toThrow("the process dies here");
    const next = await ask({ question: "What is MRR?" });
    expect(next.findings.map((finding) => finding.backend)).toEqual(["genie"]);
    expect(next.answer?.text).toBe("MRR is 5.");
  });

  it("drops the backends' own conversations when a sibling has gone on with them", async () => {
    const genie = scriptedBackend("genie", (_, __, nth) => ({ text: `${nth}`, conversation_id: "c1" }), {
      kind: "genie",
      target: "x",
    });
    const router = scriptedRouter(planOf({ id: "s1", backend: "genie", question: "MRR?" }));
    const { ask } = graphDouble({ backends: [genie], router });
    const root = await ask({ question: "EMEA?" });
    await ask({ question: "and APAC?", checkpoint_id: root.checkpoint_id ?? "" });
    await ask({ question: "and by segment?", checkpoint_id: root.checkpoint_id ?? "" });
    expect(genie.asked.map((request) => request.conversation_id)).toEqual([undefined, "c1", undefined]);
    expect(router.inputs.map((input) => input.conversations)).toEqual([[], ["genie"], []]);
  });

  it("reports after an approval only what this run used", async () => {
    const churn = scriptedBackend("churn", () => ({ text: "Two." }));
    const agent = scriptedBackend("agent", () => ({ text: "Done." }), { approval: "always" });
    const plan = planOf(
      { id: "s1", backend: "churn", question: "Who?" },
      { id: "s2", backend: "agent", question: "Write", depends_on: ["s1"] },
    );
    const { ask } = graphDouble({ backends: [churn, agent], router: scriptedRouter(plan) });
    const first = await ask({ question: "?" });
    const second = await ask({
      question: "",
      approvals: [{ id: first.approvals[0]?.id ?? "", approve: true }],
    });
    expect(first.usage.map((use) => use.node)).toEqual(["churn"]);
    expect(second.usage.map((use) => use.node)).toEqual(["agent"]);
  });

  it("aborts the backends when the client goes away", async () => {
    const leaving = new AbortController();
    const churn = scriptedBackend("churn", async (_, call) => {
      leaving.abort(new Error("client left"));
      await new Promise((_resolve, reject) => {
        if (call.signal.aborted) reject(call.signal.reason as Error);
        call.signal.addEventListener("abort", () => reject(call.signal.reason as Error));
      });
      return {};
    });
    const { ask } = graphDouble({
      backends: [churn],
      router: scriptedRouter(planOf({ id: "s1", backend: "churn", question: "?" })),
    });
    await expect(ask({ question: "?" }, { signal: leaving.signal })).rejects.toThrow("client left");
    expect(churn.asked).toHaveLength(1);
  });

  it("streams the model's words and falls back to the composer after them when the model breaks off", async () => {
    const churn = scriptedBackend("churn", () => ({ text: "Two.", evidence: [table] }));
    const model: ChatModel = {
      name: "llm",
      complete: () => Promise.reject(new Error("unused")),
      stream: async (_request, _call, onText) => {
        onText("Two customers [1]");
        throw new BackendError("interrupted", "The model stopped.", { backend: "llm" });
      },
      close: async () => {},
    };
    const router = scriptedRouter(planOf({ id: "s1", backend: "churn", question: "?" }));
    const { ask, events } = graphDouble({ backends: [churn], router, model });
    const result = await ask({ question: "?" });
    expect(result.answer?.fallback).toBe("llm: interrupted");
    expect(result.answer?.text.startsWith("Two customers [1]\n\n*The model stopped here.")).toBe(true);
    expect(textOf(events)).toBe(result.answer?.text);
  });

  it("keeps the claims tail from the reader, and with the gate flags the number that nothing confirms", async () => {
    const rows = { ...table, columns: [...table.columns, { name: "mrr", type: "DOUBLE" }], rows: [["Acme", 40], ["Zenith", 60]] }; // prettier-ignore
    const churn = scriptedBackend("churn", () => ({ text: "Two.", evidence: [rows] }));
    const tail =
      '```claims\n{"claims":[{"text":"sum","value":100,"evidence":["s1.e1"],"calc":"s1.e1.r1.mrr + s1.e1.r2.mrr"}]}\n```';
    const model: ChatModel = {
      name: "llm",
      complete: () => Promise.reject(new Error("unused")),
      stream: async (_request, _call, onText) => {
        for (const piece of ["Acme pays 40. Toge", "ther they pay 100, not 93. \n", "```cla", tail.slice(6)])
          onText(piece);
        return { text: "", tool_calls: [], finish_reason: "stop", usage: null, model: "llm" };
      },
      close: async () => {},
    };
    const router = scriptedRouter(planOf({ id: "s1", backend: "churn", question: "?" }));
    const { ask, events } = graphDouble({ backends: [churn], router, model, gate: true });
    const result = await ask({ question: "What do they pay?" });
    expect(result.answer?.text).toBe("Acme pays 40. Together they pay 100, not 93 (not confirmed). \n");
    expect(textOf(events)).toBe(result.answer?.text);
  });

  it("keeps no secret of the caller in its checkpoints", async () => {
    const churn = scriptedBackend("churn", () => ({ text: "Two." }));
    const router = scriptedRouter(planOf({ id: "s1", backend: "churn", question: "?" }));
    const { ask, graph } = graphDouble({ backends: [churn], router });
    await ask({ question: "?" }, { caller: { subject: "user:ada", access_token: "secret-token-123" } });
    const kept: unknown[] = [];
    for await (const snapshot of graph.getStateHistory({ configurable: { thread_id: "t1" } })) {
      kept.push([snapshot.values, snapshot.metadata, snapshot.config.configurable?.run, snapshot.tasks]);
    }
    expect(kept.length).toBeGreaterThan(3);
    expect(JSON.stringify(kept)).not.toContain("secret-token-123");
  });
});
