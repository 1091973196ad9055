/** What a person can say of an answer, or of one step of it. */
import { z } from "zod";

export const FEEDBACK_QUESTIONS = ["answered", "evidence_sufficient", "wrong_source", "other"] as const;

export const FeedbackInput = z
  .strictObject({
    /** In any of its forms. */
    trace_id: z.string().min(1).max(256).optional(),
    response_id: z.string().min(1).max(256).optional(),
    /** A step of the plan, such as `s1`; without it the whole answer is meant. */
    step: z
      .string()
      .regex(/^s[1-9][0-9]?$/)
      .optional(),
    /** Did it answer the question, was the evidence enough, was the wrong source asked, or something else. */
    question: z.enum(FEEDBACK_QUESTIONS).default("answered"),
    value: z.union([
      z.boolean(),
      z.number(),
      z.string().max(1_000),
      z.array(z.string().max(200)).min(1).max(20),
    ]),
    comment: z.string().max(4_000).optional(),
    /** What would have been right. */
    correction: z
      .strictObject({
        backends: z.array(z.string().max(64)).max(20).optional(),
        answer: z.string().max(8_000).optional(),
      })
      .optional(),
  })
  .refine((body) => body.trace_id !== undefined || body.response_id !== undefined, {
    error: "Give `trace_id` or `response_id`.",
    path: ["trace_id"],
  });
export type FeedbackInput = z.infer<typeof FeedbackInput>;
