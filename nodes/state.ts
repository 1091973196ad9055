/** The contract between nodes: state is plain JSON, documented field by field. Secrets never enter it. */
import { z } from "zod";
import { Claim } from "../grounding/claims.ts";
import { Plan } from "../routing/plan.ts";

/** One remembered message. Written by `synthesize` (and `clarify`), read by `classify` and `synthesize`. */
export const Message = z.object({ role: z.enum(["user", "assistant"]), content: z.string() });
export type Message = z.infer<typeof Message>;

/** Evidence by reference: the whole lives in the evidence store under `hash`. */
export const EvidenceRef = z.object({
  /** `s1.e1`: step and position. */
  id: z.string(),
  kind: z.enum(["document", "table", "text"]),
  title: z.string(),
  url: z.string().nullable(),
  /** The first few hundred characters, or the first rows as text. */
  preview: z.string(),
  hash: z.string(),
});
export type EvidenceRef = z.infer<typeof EvidenceRef>;

export const Usage = z.object({
  input_tokens: z.number(),
  cached_tokens: z.number(),
  output_tokens: z.number(),
  reasoning_tokens: z.number(),
});

/** What one step came to. A failing backend is a finding, never a throw. */
export const Finding = z.object({
  step: z.string(),
  backend: z.string(),
  kind: z.string(),
  /** `clarify`: the backend asked back. `skipped`: what it depends on is missing. */
  status: z.enum(["ok", "failed", "skipped", "clarify"]),
  /** The question as it was put, references filled in. */
  question: z.string(),
  text: z.string(),
  evidence: z.array(EvidenceRef),
  /** Typed values for later steps. */
  extracts: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
  error: z.object({ code: z.string(), message: z.string(), status: z.number().nullable() }).nullable(),
  clarification: z.object({ question: z.string(), options: z.array(z.string()) }).nullable(),
  suggested_questions: z.array(z.string()),
  /** What the reader must know of how the answer came about, in sentences of ours; absent when there is nothing. */
  notes: z.array(z.string()).optional(),
  conversation_id: z.string().nullable(),
  trace_id: z.string().nullable(),
  model: z.string().nullable(),
  usage: Usage.nullable(),
  identity: z.enum(["user", "app"]).nullable(),
  attempts: z.number(),
  cached: z.boolean(),
  /** Epoch milliseconds. */
  started_at: z.number(),
  duration_ms: z.number(),
  queued_ms: z.number(),
  /** Hash of the exact payload in the evidence store; null when nothing was sent. */
  payload: z.string().nullable(),
});
export type Finding = z.infer<typeof Finding>;

/** A `[n]` in the answer and what it points to. */
export const Citation = z.object({
  n: z.number(),
  evidence: z.string(),
  step: z.string(),
  backend: z.string(),
  title: z.string(),
  url: z.string(),
  /** Positions of each marker in the answer's text (UTF-16 code units, end exclusive). */
  spans: z.array(z.object({ start: z.number(), end: z.number() })),
});
export type Citation = z.infer<typeof Citation>;

export const Answer = z.object({
  text: z.string(),
  citations: z.array(Citation),
  /** What could not be answered and why. */
  missing: z.array(z.object({ step: z.string(), backend: z.string(), code: z.string(), reason: z.string() })),
  composer: z.enum(["model", "extractive", "none"]),
  /** Why the model did not write it, when it should have. */
  fallback: z.string().nullable(),
  /** `length`: the token cap was hit. */
  finish_reason: z.enum(["stop", "length", "tool_calls"]),
  /** Calls of the client's own tools, when the model wants them. */
  tool_calls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })),
  suggested_questions: z.array(z.string()),
  /** What the synthesizer declared of its claims, cut off the text before a reader sees it. */
  claims: z.array(Claim).optional(),
});
export type Answer = z.infer<typeof Answer>;

/** Tokens and money of one model or backend call, per node. */
export const NodeUsage = z.object({
  node: z.string(),
  model: z.string().nullable(),
  calls: z.number(),
  /** Null: the callee reported none. */
  usage: Usage.nullable(),
  latency_ms: z.number(),
  /** Null: no price is configured. Never 0 for unknown. */
  usd: z.number().nullable(),
});
export type NodeUsage = z.infer<typeof NodeUsage>;

/** Per-request wishes of the client that steer the graph. */
export const Options = z.object({
  instructions: z.string().optional(),
  max_output_tokens: z.number().optional(),
  temperature: z.number().optional(),
  top_p: z.number().optional(),
  /** Only these backends may be asked. */
  backends: z.array(z.string()).optional(),
  /** A plan to run as it stands, validated like any other. */
  plan: Plan.optional(),
  tools: z
    .array(z.object({ name: z.string(), description: z.string().optional(), parameters: z.json() }))
    .optional(),
  tool_choice: z.union([z.enum(["auto", "none", "required"]), z.object({ name: z.string() })]).optional(),
  json_schema: z.object({ name: z.string(), schema: z.json() }).optional(),
  json_object: z.boolean().optional(),
  images: z.array(z.string()).optional(),
  /** Items of client tools from this turn, in order: calls made and their outputs. */
  tool_items: z.array(z.json()).optional(),
});
export type Options = z.infer<typeof Options>;
