/** Keeps several processes of the server on one port: each that dies is replaced, all end together. */
import type { Worker } from "node:cluster";
import type { Logger } from "pino";

export interface WorkersOptions {
  count: number;
  /** A new process; it sends `listening` once it serves. */
  fork: () => Worker;
  /** Told of each new process. */
  onWorker?: (worker: Worker) => void;
  logger: Logger;
  /** Epoch milliseconds. */
  clock: () => number;
}

export interface Workers {
  /** The port that they share. */
  port: number;
  /** SIGTERM to each; resolves when the last one has ended. */
  close(): Promise<void>;
}

/** A worker that dies is replaced after the first pause, twice as late each time it dies again soon. */
const PAUSE_MS = { first: 250, longest: 30_000 };

/** A worker that lived for so long did not die of its start. */
const SETTLED_MS = 60_000;

/** Databricks Apps ends everything 15 seconds after SIGTERM. */
const PATIENCE_MS = 14_000;

/** Rejects when one of the first workers cannot start; it has said why. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const living = new Set<Worker>();
  const state = { closing: false };
  const first = Array.from({ length: options.count }, () => watched(options, living));
  try {
    const serving = first.map(async (worker) => {
      const port = await listening(worker);
      replaceWhenGone(worker, options, living, state);
      return port;
    });
    const [port = 0] = await Promise.all(serving);
    return { port, close: () => close(living, state) };
  } catch (error) {
    await close(living, state);
    throw error;
  }
}

function watched({ fork, onWorker }: WorkersOptions, living: Set<Worker>): Worker {
  const worker = fork();
  living.add(worker);
  onWorker?.(worker);
  worker.once("exit", () => living.delete(worker));
  // A message to a process that is just gone.
  worker.on("error", () => undefined);
  return worker;
}

function listening(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.once("listening", ({ port }) => resolve(port));
    worker.once("exit", () => reject(new Error("A worker ended before it served.")));
  });
}

function replaceWhenGone(
  worker: Worker,
  options: WorkersOptions,
  living: Set<Worker>,
  state: { closing: boolean },
  pause: number = PAUSE_MS.first,
): void {
  const began = options.clock();
  worker.once("exit", (code, signal) => {
    if (state.closing) return;
    const settled = options.clock() - began > SETTLED_MS;
    const wait = settled ? PAUSE_MS.first : pause;
    options.logger.error({ pid: worker.process.pid, code, signal, wait }, "a worker died and is replaced");
    setTimeout(() => {
      if (state.closing) return;
      const next = Math.min(wait * 2, PAUSE_MS.longest);
      const other = watched(options, living);
      other.once("listening", () => options.logger.info({ pid: other.process.pid }, "a new worker serves"));
      replaceWhenGone(other, options, living, state, next);
    }, wait);
  });
}

async function close(living: Set<Worker>, state: { closing: boolean }): Promise<void> {
  state.closing = true;
  const ended = [...living].map(
    (worker) => new Promise<void>((resolve) => worker.once("exit", () => resolve())),
  );
  for (const worker of living) worker.process.kill("SIGTERM");
  const force = setTimeout(() => {
    for (const worker of living) worker.process.kill("SIGKILL");
  }, PATIENCE_MS);
  await Promise.all(ended);
  clearTimeout(force);
}
