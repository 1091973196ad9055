/** The parts of a response that the evaluations read. */
import { z } from "zod";

const Finding = z.object({
  step: z.string(),
  backend: z.string(),
  status: z.string(),
  evidence: z.array(z.object({ id: z.string() })).default([]),
  duration_ms: z.number().default(0),
});

const PlanOnWire = z.object({
  kind: z.enum(["plan", "direct", "clarify", "refuse"]),
  steps: z
    .array(z.object({ id: z.string(), backend: z.string(), depends_on: z.array(z.string()).default([]) }))
    .default([]),
  decision: z.object({ tier: z.string(), reason: z.string().default("") }).optional(),
});
export type PlanOnWire = z.infer<typeof PlanOnWire>;

export const ResponseOnWire = z.object({
  id: z.string(),
  status: z.string(),
  error: z.object({ message: z.string() }).nullish(),
  output: z
    .array(
      z.object({
        type: z.string(),
        content: z.array(z.object({ type: z.string(), text: z.string().default("") })).default([]),
      }),
    )
    .default([]),
  custom_outputs: z
    .object({
      plan: PlanOnWire.nullish(),
      backend_calls: z.array(Finding).default([]),
      citations: z.array(z.object({ n: z.number(), evidence: z.string(), url: z.string() })).default([]),
      missing: z.array(z.object({ backend: z.string(), reason: z.string() })).default([]),
    })
    .default({ backend_calls: [], citations: [], missing: [] }),
});
export type ResponseOnWire = z.infer<typeof ResponseOnWire>;
