/** A question from production that is worth a label, with what the nodes made of it. */
import { z } from "zod";

export const REASONS = ["negative_feedback", "abstained", "low_margin", "sample"] as const;

const Step = z.object({
  id: z.string(),
  backend: z.string(),
  question: z.string(),
  depends_on: z.array(z.string()).default([]),
});

export const Candidate = z.object({
  /** SHA-256 of the redacted question's words: one candidate per question. */
  hash: z.string(),
  reason: z.enum(REASONS),
  question: z.string(),
  /** What `classify` made of it. */
  plan: z.object({
    kind: z.string(),
    steps: z.array(Step),
    decision: z.object({
      tier: z.string(),
      probabilities: z.record(z.string(), z.number()).default({}),
      reason: z.string().default(""),
    }),
  }),
  /** What each backend was asked, how it ended and what it said. */
  calls: z.array(
    z.object({
      step: z.string(),
      backend: z.string(),
      question: z.string(),
      status: z.string(),
      text: z.string().default(""),
    }),
  ),
  answer: z.string(),
  feedback: z.array(z.object({ question: z.string(), value: z.unknown(), comment: z.string().nullable() })),
  /** Backends that somebody named as the right ones. */
  proposed: z.array(z.string()).nullable(),
  /** Filled in by a person: the backends to ask; none when no backend answers it. */
  label: z.object({ backends: z.array(z.string()) }).nullable(),
  source: z.object({ response_id: z.string(), created_at: z.number() }),
});
export type Candidate = z.infer<typeof Candidate>;
