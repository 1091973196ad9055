/** The plan as data: what `classify` produces, `dispatch` executes, and a person may edit. */
import { z } from "zod";

export const STEP_ID = /^s[1-9][0-9]?$/;

/** A typed value that later steps may use as `{{s1.name}}`. */
export const Extract = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,30}$/),
  type: z.enum(["text", "number", "list"]),
  /** Where to look: a column name or a word of it, e.g. `customer`. Without it the first column that fits. */
  column: z.string().optional(),
  /** Longest list. */
  limit: z.number().int().min(1).max(200).default(25),
});
export type Extract = z.infer<typeof Extract>;

/** A backend that was considered for a step and not taken. */
export const Rejected = z.strictObject({
  backend: z.string(),
  probability: z.number().min(0).max(1).nullable().default(null),
  reason: z.string(),
});
export type Rejected = z.infer<typeof Rejected>;

export const Step = z.strictObject({
  id: z.string().regex(STEP_ID),
  backend: z.string(),
  /** The question put to the backend; may hold `{{s1.answer}}` or `{{s1.customers}}` of steps it depends on. */
  question: z.string().min(1).max(4_000),
  depends_on: z.array(z.string().regex(STEP_ID)).default([]),
  /** Results of which earlier steps go along as context (for backends that accept it); a subset of `depends_on`. */
  context_from: z.array(z.string().regex(STEP_ID)).default([]),
  extract: z.array(Extract).max(5).default([]),
  /** A failed optional step leaves a gap; dependents still run. */
  optional: z.boolean().default(false),
  /** Why this backend, in one sentence. */
  why: z.string().default(""),
  confidence: z.number().min(0).max(1).default(1),
  rejected: z.array(Rejected).default([]),
});
export type Step = z.infer<typeof Step>;

export const Clarification = z.strictObject({
  question: z.string().min(1),
  options: z.array(z.string()).default([]),
  /** What is missing: `period`, `entity`, `backend`, ... */
  missing: z.string().default(""),
});
export type Clarification = z.infer<typeof Clarification>;

/** How the plan came about. */
export const Decision = z.strictObject({
  tier: z.enum(["given", "rules", "local", "small", "large", "fallback"]),
  /** Probability per backend, "other" included, of the tier that decided. */
  probabilities: z.record(z.string(), z.number()).default({}),
  threshold: z.number().nullable().default(null),
  runner_up: z.string().nullable().default(null),
  reason: z.string().default(""),
  /** Why a higher tier did not decide, e.g. `planner: timeout`. */
  fallback: z.string().nullable().default(null),
  model: z.string().nullable().default(null),
  latency_ms: z.number().default(0),
});
export type Decision = z.infer<typeof Decision>;

export const Plan = z.strictObject({
  /** `direct` answers without a backend, `refuse` says what cannot be answered, `clarify` asks back. */
  kind: z.enum(["plan", "direct", "clarify", "refuse"]),
  steps: z.array(Step).default([]),
  clarify: Clarification.nullable().default(null),
  refuse: z.strictObject({ reason: z.string() }).nullable().default(null),
  confidence: z.number().min(0).max(1).default(1),
  decision: Decision,
});
export type Plan = z.infer<typeof Plan>;
