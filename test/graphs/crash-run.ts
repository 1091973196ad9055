/** A conversation over the real graph and a real saver that stops wherever it is told to, for tests that kill it there. */
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type { ChatModel } from "../../backends/chat-model.ts";
import type { TurnResult } from "../../graphs/run.ts";
import type { ApprovalInterrupt } from "../../nodes/approve.ts";
import type { Store } from "../../store/store.ts";
import { planOf } from "../nodes/plan-double.ts";
import { graphDouble } from "./graph-double.ts";
import { scriptedBackend, scriptedRouter } from "./scripted.ts";

/** Told at each point of the way, and awaited. */
export type Hook = (point: string) => Promise<void>;

export const OWNER = "user:ada@example.com";

/** Two steps at once, one that a person must approve, one that needs all before it. */
const PLAN = planOf(
  { id: "s1", backend: "churn", question: "Who?", extract: [{ name: "names", type: "list", limit: 5 }] },
  { id: "s2", backend: "policy", question: "What is the rule?" },
  { id: "s3", backend: "billing", question: "Invoices of {{s1.names}}?", depends_on: ["s1"] },
  { id: "s4", backend: "planner", question: "Plan for {{s1.names}}?", depends_on: ["s2", "s3"] },
);

export const DEPENDS_ON: Record<string, string[]> = Object.fromEntries(
  PLAN.steps.map((step) => [step.id, step.depends_on]),
);

const STEP_OF: Record<string, string> = Object.fromEntries(PLAN.steps.map((step) => [step.backend, step.id]));

const TABLE = {
  kind: "table" as const,
  title: "At risk",
  url: "https://workspace/x",
  columns: [{ name: "customer", type: "STRING" }],
  rows: [["Acme"], ["Zenith"]],
  row_count: 2,
  truncated: false,
};

/** `asked` hears of each question to a backend before it is put. */
export function crashRun(store: Store, thread: string, hook: Hook, asked: (step: string) => void) {
  const { at, startAgain } = counted(hook);
  const backend = (name: string, text: string, config: object = {}) =>
    scriptedBackend(
      name,
      async () => {
        asked(STEP_OF[name] ?? name);
        await at(`${name} is asked`);
        await Promise.resolve();
        await at(`${name} has answered`);
        return { text, evidence: name === "churn" ? [TABLE] : [] };
      },
      config,
    );
  const route = scriptedRouter(PLAN);
  const double = graphDouble({
    backends: [
      backend("churn", "Two customers are at risk."),
      backend("policy", "Call them within 5 days."),
      backend("billing", "Both have paid.", { approval: "always" }),
      backend("planner", "Call Acme, then Zenith."),
    ],
    router: {
      route: async (input, context) => {
        await at("the router decides");
        return route.route(input, context);
      },
    },
    model: slowModel(at),
    checkpointer: watched(store.checkpointer, at),
    evidence: store.evidence(OWNER, thread),
  });
  const on = (run: () => Promise<TurnResult>) => underLock(store, thread, run);
  return {
    /** The id of the approval that the thread waits for; empty when it waits for none. */
    waitsFor: async () => {
      const { tasks } = await double.graph.getState({ configurable: { thread_id: thread } });
      const asked = tasks.flatMap((task) => task.interrupts)[0]?.value as ApprovalInterrupt | undefined;
      return asked?.requests[0]?.id ?? "";
    },
    /** Counts the points from 1 again, for the second turn. */
    startAgain,
    /** Ends in the request for an approval. */
    first: (resume: boolean) => {
      const input = { thread_id: thread, fresh: true, question: "Who churns?", resume };
      return on(() => double.ask(input, { run_id: `${thread}-a` }));
    },
    /** Approves, and ends in the answer. */
    second: (id: string, resume: boolean) => {
      const approvals = [{ id, approve: true }];
      return on(() =>
        double.ask(
          { thread_id: thread, question: "Who churns?", approvals, resume },
          { run_id: `${thread}-b` },
        ),
      );
    },
  };
}

/** The same point may be passed several times on the way: `#2` is the second time. */
function counted(hook: Hook) {
  const times = new Map<string, number>();
  const at: Hook = (point) => {
    const nth = (times.get(point) ?? 0) + 1;
    times.set(point, nth);
    return hook(`${point} #${nth}`);
  };
  return { at, startAgain: () => times.clear() };
}

function watched(saver: BaseCheckpointSaver, at: Hook): BaseCheckpointSaver {
  const around = async <T>(point: string, work: () => Promise<T>): Promise<T> => {
    await at(`before ${point}`);
    const done = await work();
    await at(`after ${point}`);
    return done;
  };
  return new Proxy(saver, {
    get: (target, key) => {
      if (key === "put")
        return (...args: Parameters<BaseCheckpointSaver["put"]>) =>
          around("a checkpoint", () => target.put(...args));
      if (key === "putWrites")
        return (...args: Parameters<BaseCheckpointSaver["putWrites"]>) =>
          around("a node's writes", () => target.putWrites(...args));
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  });
}

function slowModel(at: Hook): ChatModel {
  const result = {
    text: "Acme and Zenith are at risk: call them.",
    tool_calls: [],
    finish_reason: "stop" as const,
    usage: null,
    model: "writer",
  };
  return {
    name: "writer",
    complete: async () => result,
    stream: async (_request, _call, onText) => {
      await at("the answer begins");
      onText(result.text.slice(0, 10));
      await at("the answer is half written");
      onText(result.text.slice(10));
      return result;
    },
    close: async () => {},
  };
}

async function underLock(store: Store, thread: string, run: () => Promise<TurnResult>): Promise<TurnResult> {
  const signal = new AbortController().signal;
  const ran = await store.withThread(thread, { wait: true, signal }, run);
  if (!ran.locked) throw new Error("The thread is taken.");
  return ran.value;
}
