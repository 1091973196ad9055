/** Runs each node and its edges as plain function calls where LangGraph would run a chain of nine runnables. */
import { Runnable, type RunnableConfig } from "@langchain/core/runnables";
import { isCommand } from "@langchain/langgraph";

type Call = (input: unknown, config: RunnableConfig) => unknown;

/** A runnable around a function, as LangGraph builds its nodes, its writers and the paths of its edges. */
interface Wrapped extends Runnable {
  func: Call;
  /** Of the writer of the state: what it writes goes through a mapper. */
  writes?: { mapper?: unknown }[];
}

/** What of a compiled graph is touched here: its nodes, and the branches of its conditional edges. */
interface Compiled {
  nodes: Record<string, { bound: Runnable; getNode(): Runnable | undefined; getWriters(): Runnable[] }>;
  builder: { branches: Record<string, Record<string, { path: unknown }>> };
}

/** Where among the writers of a node the one for Commands stands; our nodes return plain updates. */
const COMMANDS = 1;

/**
 * A chain copies the run's configuration, enters an AsyncLocalStorage and makes a run tree for LangSmith at each of
 * its links: a fifth of what a turn costs. With callbacks (LangSmith, `events`, `messages`) the chain runs as it is.
 * The nodes of `asking` call `interrupt()`, which finds its run in that storage. A node of another shape stays as
 * it is.
 */
export function directNodes(graph: object, asking: readonly string[]): void {
  const { nodes, builder } = graph as Compiled;
  for (const branch of Object.values(builder.branches).flatMap((branches) => Object.values(branches)))
    if (isWrapped(branch.path)) shorten(branch.path);
  for (const [name, node] of Object.entries(nodes)) {
    const chain = node.getNode();
    const writers = node.getWriters();
    if (chain === undefined || !writers.every(isWrapped) || writers[COMMANDS]?.name !== "<branch_run>")
      continue;
    for (const mapper of writers.flatMap(mappers)) shorten(mapper);
    const run = callOf(node.bound, asking.includes(name));
    const direct = new DirectNode(chain, run, writers);
    node.getNode = () => direct;
    node.getWriters = () => writers;
  }
}

class DirectNode extends Runnable {
  lc_namespace = ["orchestrator", "graphs"];
  readonly #chain: Runnable;
  readonly #run: Call;
  readonly #writers: readonly Wrapped[];

  constructor(chain: Runnable, run: Call, writers: readonly Wrapped[]) {
    super();
    this.#chain = chain;
    this.#run = run;
    this.#writers = writers;
  }

  override async invoke(input: unknown, config: RunnableConfig = {}): Promise<unknown> {
    if (config.callbacks !== undefined) return this.#chain.invoke(input, config);
    const output = await orAborted(this.#run(input, config), config.signal);
    for (const [at, writer] of this.#writers.entries())
      if (at !== COMMANDS || isCommand(output)) await writer.func(output, config);
    return output;
  }
}

/** The start has no function of its own: its input is what it writes. */
function callOf(bound: Runnable, asks: boolean): Call {
  if (isWrapped(bound) && !asks) return (input, config) => bound.func(input, config);
  return (input, config) => bound.invoke(input, config);
}

function mappers({ writes = [] }: Wrapped): Wrapped[] {
  return writes.map(({ mapper }) => mapper).filter(isWrapped);
}

function shorten(runnable: Wrapped): void {
  const whole = runnable.invoke.bind(runnable);
  runnable.invoke = async (input: unknown, config: RunnableConfig = {}) =>
    config.callbacks === undefined ? runnable.func(input, config) : whole(input, config);
}

function isWrapped(value: unknown): value is Wrapped {
  return value instanceof Runnable && "func" in value && typeof value.func === "function";
}

/** As the chain does it: a node that is aborted is not waited for. */
function orAborted(work: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  if (signal === undefined) return Promise.resolve(work);
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    const settle = () => signal.removeEventListener("abort", abort);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    Promise.resolve(work).then(resolve, reject).then(settle, settle);
  });
}
