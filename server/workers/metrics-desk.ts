/** The primary's part in `/metrics`: asks every worker for its numbers and gives the sum to the one that was asked. */
import type { Worker } from "node:cluster";
import { countsOf, mergeMetrics, type MetricNumbers } from "../../tracing/metrics/merge-metrics.ts";
import { FromWorker, type FromPrimary } from "./metrics-messages.ts";

export interface MetricsDesk {
  /** From the start of a worker to its end. */
  add(worker: Worker): void;
}

/** A worker that does not answer in time counts with what it said last. */
const PATIENCE_MS = 1_000;

export function metricsDesk(): MetricsDesk {
  const living = new Set<Worker>();
  const last = new Map<Worker, MetricNumbers>();
  const waiting = new Map<Worker, (() => void)[]>();
  const gone = departed();

  const heard = (worker: Worker) => {
    for (const resolve of waiting.get(worker) ?? []) resolve();
    waiting.delete(worker);
  };

  const ask = (worker: Worker): Promise<void> =>
    new Promise((resolve) => {
      waiting.set(worker, [...(waiting.get(worker) ?? []), resolve]);
      setTimeout(resolve, PATIENCE_MS).unref();
      say(worker, { type: "metrics.tell" });
    });

  const everybody = async (): Promise<MetricNumbers> => {
    await Promise.all([...living].map(ask));
    return mergeMetrics([await gone.counts(), ...last.values()]);
  };

  const hear = async (worker: Worker, message: unknown) => {
    const { data } = FromWorker.safeParse(message);
    if (data?.type === "metrics.ask")
      say(worker, { type: "metrics.all", id: data.id, numbers: await everybody() });
    if (data?.type !== "metrics.own") return;
    if (living.has(worker)) last.set(worker, data.numbers);
    heard(worker);
  };

  return {
    add(worker) {
      living.add(worker);
      // Who gets no answer says so after a while.
      worker.on("message", (message: unknown) => void hear(worker, message).catch(() => undefined));
      worker.once("exit", () => {
        living.delete(worker);
        gone.add(last.get(worker) ?? []);
        last.delete(worker);
        heard(worker);
      });
    },
  };
}

/** What workers that have ended had counted, as far as they had said. */
function departed() {
  let counts: Promise<MetricNumbers> = Promise.resolve([]);
  return {
    add(numbers: MetricNumbers) {
      counts = counts.then((before) => mergeMetrics([before, countsOf(numbers)]));
    },
    counts: () => counts,
  };
}

/** A worker that is just gone hears nothing. */
function say(worker: Worker, message: FromPrimary): void {
  if (worker.isConnected()) worker.send(message, () => undefined);
}
