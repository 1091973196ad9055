/** One long conversation over the real graph and a real saver, measured turn by turn. */
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { prunedTurn } from "../../graphs/pruned-turn.ts";
import type { Store } from "../../store/store.ts";
import { planOf } from "../nodes/plan-double.ts";
import { graphDouble } from "./graph-double.ts";
import { scriptedBackend, scriptedRouter } from "./scripted.ts";

export interface TurnCost {
  /** Written to the database for this turn's checkpoints, as JSON. */
  bytes: number;
  ms: number;
  /** Milliseconds that this process worked: what else the machine does falls into `ms` alone. */
  cpu_ms: number;
}

const OWNER = "user:ada@example.com";
const PLAN = planOf(
  { id: "s1", backend: "sales", question: "How much?" },
  { id: "s2", backend: "policy", question: "What is the rule?" },
  { id: "s3", backend: "planner", question: "Plan?", depends_on: ["s1", "s2"] },
);

/** Questions of 200 characters, answers of about 1,000. Each call is the next turn of the thread, which has `after` turns. */
export function conversation(store: Store, thread: string, after = 0): () => Promise<TurnCost> {
  let bytes = 0;
  let turn = after;
  const backend = (name: string) =>
    scriptedBackend(name, (_request, _call, nth) => ({ text: words(name, nth, 350) }));
  const { ask } = graphDouble({
    backends: ["sales", "policy", "planner"].map(backend),
    router: scriptedRouter(PLAN),
    checkpointer: measured(store.checkpointer, (size) => void (bytes += size)),
    evidence: store.evidence(OWNER, thread),
  });
  const run = prunedTurn(
    (input, context) => ask(input, context),
    (id) => store.retention.prune(id),
  );
  return async () => {
    bytes = 0;
    turn += 1;
    const began = performance.now();
    const before = process.cpuUsage();
    await oneTurn(store, run, thread, turn);
    const { user, system } = process.cpuUsage(before);
    return { bytes, ms: performance.now() - began, cpu_ms: (user + system) / 1_000 };
  };
}

export async function converse(store: Store, thread: string, turns: number): Promise<TurnCost[]> {
  const next = conversation(store, thread);
  const costs: TurnCost[] = [];
  while (costs.length < turns) costs.push(await next());
  return costs;
}

async function oneTurn(
  store: Store,
  run: ReturnType<typeof prunedTurn>,
  thread_id: string,
  turn: number,
): Promise<void> {
  const signal = new AbortController().signal;
  const question = words("question", turn, 200);
  const id = `${thread_id}-${turn}`;
  await store.withThread(thread_id, { wait: true, signal }, async () => {
    const { answer, checkpoint_id } = await run(
      { thread_id, question, options: {} },
      { run_id: id, caller: { subject: OWNER }, signal, deadline: Date.now() + 60_000, emit: () => {} },
    );
    const common = { owner: OWNER, thread_id, thread_key: thread_id, created_at: turn } as const;
    const kept = { ...common, previous_response_id: null, status: "completed" } as const;
    const text = answer?.text ?? "";
    await store.turns.append({ ...kept, response_id: id, question, answer: text });
    const rest = { checkpoint_id, conversation_id: null, body: { text }, input: [] };
    await store.responses.save({ ...kept, id, ...rest });
  });
}

/** Checkpoints of the conversation in the database. */
export async function keptCheckpoints(store: Store, thread_id: string): Promise<number> {
  let count = 0;
  for await (const _ of store.checkpointer.list({ configurable: { thread_id } })) count += 1;
  return count;
}

/** Around one turn: the middle value of its neighbours, since one turn alone may meet a pause. */
export function around(costs: TurnCost[], turn: number): TurnCost {
  return middle(costs.slice(Math.max(0, turn - 10), turn));
}

export function middle(costs: TurnCost[]): TurnCost {
  const of = (key: keyof TurnCost) =>
    costs.map((cost) => cost[key]).toSorted((a, b) => a - b)[Math.floor(costs.length / 2)] ?? 0;
  return { bytes: of("bytes"), ms: of("ms"), cpu_ms: of("cpu_ms") };
}

function words(name: string, nth: number, length: number): string {
  return `${name} ${nth} `.padEnd(length - 1, "lorem ipsum ") + ".";
}

function measured(saver: BaseCheckpointSaver, wrote: (bytes: number) => void): BaseCheckpointSaver {
  return new Proxy(saver, {
    get: (target, key) => {
      if (key === "put")
        return (...args: Parameters<BaseCheckpointSaver["put"]>) => {
          wrote(JSON.stringify([args[1], args[2]]).length);
          return target.put(...args);
        };
      if (key === "putWrites")
        return (...args: Parameters<BaseCheckpointSaver["putWrites"]>) => {
          wrote(JSON.stringify(args[1]).length);
          return target.putWrites(...args);
        };
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  });
}
