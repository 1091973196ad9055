/** The parts of a response that the evaluations read. */
import { z } from "zod";

const Finding = z.object({
  step: z.string(),
  backend: z.string(),
  status: z.string(),
  text: z.string().default(""),
  evidence: z.array(z.object({ id: z.string(), kind: z.string().default("") })).default([]),
  attempts: z.number().default(0),
  /** Epoch milliseconds. */
  started_at: z.number().default(0),
  duration_ms: z.number().default(0),
});

const PlanOnWire = z.object({
  kind: z.enum(["plan", "direct", "clarify", "refuse"]),
  steps: z
    .array(
      z.object({
        id: z.string(),
        backend: z.string(),
        question: z.string().default(""),
        depends_on: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  confidence: z.number().default(1),
  decision: z.object({ tier: z.string(), reason: z.string().default("") }).optional(),
});
export type PlanOnWire = z.infer<typeof PlanOnWire>;

const VerificationOnWire = z.object({
  ok: z.boolean(),
  numbers: z.number(),
  failed: z.array(z.object({ text: z.string(), verdict: z.string(), note: z.string() })),
});

const UsageOnWire = z.object({
  node: z.string(),
  calls: z.number(),
  usage: z.object({ input_tokens: z.number(), output_tokens: z.number() }).nullable(),
  usd: z.number().nullable(),
});

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
      skipped: z.array(z.object({ step: z.string(), backend: z.string() })).default([]),
      citations: z.array(z.object({ n: z.number(), evidence: z.string(), url: z.string() })).default([]),
      missing: z.array(z.object({ backend: z.string(), reason: z.string() })).default([]),
      verification: VerificationOnWire.nullable().default(null),
      usage: z.array(UsageOnWire).default([]),
    })
    .prefault({}),
});
export type ResponseOnWire = z.infer<typeof ResponseOnWire>;
