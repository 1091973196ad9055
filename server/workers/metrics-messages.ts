/** What workers and the primary tell each other of their metrics. */
import { z } from "zod";
import type { MetricNumbers } from "../../tracing/metrics/merge-metrics.ts";

const Numbers = z.custom<MetricNumbers>((value) => Array.isArray(value));

/** From a worker: it is asked for `/metrics`, or says its own numbers. */
export const FromWorker = z.discriminatedUnion("type", [
  z.object({ type: z.literal("metrics.ask"), id: z.number() }),
  z.object({ type: z.literal("metrics.own"), numbers: Numbers }),
]);
export type FromWorker = z.infer<typeof FromWorker>;

/** From the primary: say your own numbers, or everybody's for the question `id`. */
export const FromPrimary = z.discriminatedUnion("type", [
  z.object({ type: z.literal("metrics.tell") }),
  z.object({ type: z.literal("metrics.all"), id: z.number(), numbers: Numbers }),
]);
export type FromPrimary = z.infer<typeof FromPrimary>;
