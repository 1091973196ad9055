/** The events of a streamed response, as far as the terminal shows them. Anything else counts as unknown. */
import { z } from "zod";

const PlanStep = z.object({
  id: z.string(),
  backend: z.string(),
  depends_on: z.array(z.string()),
  question: z.string(),
});

const Missing = z.object({ backend: z.string(), reason: z.string() });
const Citation = z.object({ n: z.number(), title: z.string(), url: z.string() });

/** The parts of a response object that are shown at the end. */
export const FinalResponse = z.object({
  id: z.string(),
  status: z.string(),
  error: z.object({ code: z.string(), message: z.string() }).nullish(),
  custom_outputs: z
    .object({
      citations: z.array(Citation).default([]),
      missing: z.array(Missing).default([]),
      suggested_questions: z.array(z.string()).default([]),
    })
    .partial()
    .nullish(),
});
export type FinalResponse = z.infer<typeof FinalResponse>;

const Finding = z.object({
  step: z.string(),
  backend: z.string(),
  status: z.string(),
  duration_ms: z.number(),
  error: z.object({ message: z.string() }).nullable(),
});

export const StreamEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("orchestrator.plan"),
    plan: z.object({ kind: z.string(), steps: z.array(PlanStep) }),
  }),
  z.object({
    type: z.literal("orchestrator.step_started"),
    step: z.string(),
    backend: z.string(),
    question: z.string(),
  }),
  z.object({
    type: z.literal("orchestrator.step_progress"),
    step: z.string(),
    backend: z.string(),
    message: z.string(),
  }),
  z.object({ type: z.literal("orchestrator.step_finished"), finding: Finding }),
  z.object({ type: z.literal("response.output_text.delta"), delta: z.string() }),
  z.object({ type: z.literal("response.completed"), response: FinalResponse }),
  z.object({ type: z.literal("response.incomplete"), response: FinalResponse }),
  z.object({ type: z.literal("response.failed"), response: FinalResponse }),
]);
export type StreamEvent = z.infer<typeof StreamEvent>;
