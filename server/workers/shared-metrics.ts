/** A worker's part in `/metrics`: whichever worker is asked answers for all of them. */
import type { Metrics } from "../../tracing/metrics/create-metrics.ts";
import { metricsText, type MetricNumbers } from "../../tracing/metrics/merge-metrics.ts";
import { RequestError } from "../errors.ts";
import { FromPrimary, type FromWorker } from "./metrics-messages.ts";

/** The way to the primary, as `process` of a worker has it. */
export interface PrimaryPort {
  send(message: FromWorker): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** The primary waits for the others, but not so long. */
const PATIENCE_MS = 3_000;

export function sharedMetrics(own: Metrics, primary: PrimaryPort): Metrics {
  const asked = new Map<number, (numbers: MetricNumbers) => void>();
  let questions = 0;

  primary.onMessage((message) => {
    const { data } = FromPrimary.safeParse(message);
    // Whoever says nothing counts with what it said last.
    if (data?.type === "metrics.tell")
      own.numbers().then(
        (numbers) => primary.send({ type: "metrics.own", numbers }),
        () => undefined,
      );
    if (data?.type === "metrics.all") asked.get(data.id)?.(data.numbers);
  });

  const everybody = (): Promise<MetricNumbers> =>
    new Promise((resolve, reject) => {
      const id = ++questions;
      const late = setTimeout(() => {
        asked.delete(id);
        reject(new RequestError("unavailable", "The metrics of the other processes did not come in time."));
      }, PATIENCE_MS);
      asked.set(id, (numbers) => {
        clearTimeout(late);
        asked.delete(id);
        resolve(numbers);
      });
      primary.send({ type: "metrics.ask", id });
    });

  return { ...own, text: async () => metricsText(await everybody()) };
}
