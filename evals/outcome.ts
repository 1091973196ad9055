/** What the server made of one case. Plain JSON, kept line by line so that a broken run can be resumed. */
import { z } from "zod";
import { ResponseOnWire } from "./wire.ts";

export const Outcome = z.object({
  id: z.string(),
  /** Null when the server gave none that could be read. */
  response: ResponseOnWire.nullable(),
  /** The answer's text. */
  text: z.string(),
  /** Why there is no response, or why it failed. */
  error: z.string().nullable(),
  /** Of the scored turn, as the client saw it, milliseconds. */
  latency_ms: z.number(),
  /** As the server gave it: MLflow's own where MLflow is on. */
  trace_id: z.string().nullable().optional(),
});
export type Outcome = z.infer<typeof Outcome>;
