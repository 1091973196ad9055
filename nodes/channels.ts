/** The graph's state: every field with what it holds, who writes it, and how writes combine. */
import { withLangGraph } from "@langchain/langgraph/zod";
import { z } from "zod";
import type { Verification } from "../grounding/verification.ts";
import { Extract, Plan } from "../routing/plan.ts";
import { Answer, Finding, Message, NodeUsage, Options } from "./state.ts";

/** A schema as LangGraph types it: input and output alike, because state holds parsed values only. */
type Plain<V> = z.ZodType<V, V>;

/** Appends; `{ restart }` replaces what the last turn left. */
function appended<V>(element: z.ZodType<V>, description: string) {
  const list = z.array(element).describe(description) as Plain<V[]>;
  const write = z.union([list, z.object({ restart: list })]) as Plain<V[] | { restart: V[] }>;
  return withLangGraph<V[], V[] | { restart: V[] }, Plain<V[]>>(list, {
    reducer: {
      schema: write,
      fn: (current, added) => (Array.isArray(added) ? [...current, ...added] : added.restart),
    },
    default: () => [],
  });
}

/** Merges by key; `{ restart }` replaces everything. */
function merged<V>(value: z.ZodType<V>, description: string) {
  const record = z.record(z.string(), value).describe(description) as Plain<Record<string, V>>;
  const write = z.union([z.strictObject({ restart: record }), record]) as Plain<Merge<V>>;
  return withLangGraph<Record<string, V>, Merge<V>, Plain<Record<string, V>>>(record, {
    reducer: {
      schema: write,
      fn: (current, added) => (isRestart(added) ? added.restart : { ...current, ...added }),
    },
    default: () => ({}),
  });
}

type Merge<V> = Record<string, V> | { restart: Record<string, V> };

/** No backend is called so: its value would be no record. */
function isRestart<V>(write: Merge<V>): write is { restart: Record<string, V> } {
  return typeof write.restart === "object" && write.restart !== null;
}

/** A field with a start value; the last write wins. A plain zod default would be applied to the input instead. */
function latest<V>(value: z.ZodType<V>, start: V, description: string) {
  const described = value.describe(description) as Plain<V>;
  return withLangGraph<V, V, Plain<V>>(described, {
    reducer: { schema: described, fn: (_current, write) => write },
    default: () => start,
  });
}

/** A person's word on a step, bound to the hash of exactly what would be sent. */
export const Approval = z.object({ approved: z.boolean(), hash: z.string(), reason: z.string().nullable() });
export type Approval = z.infer<typeof Approval>;

export const PreviousTurn = z.object({
  question: z.string(),
  plan: Plan.nullable(),
  backends_ok: z.array(z.string()),
});
export type PreviousTurn = z.infer<typeof PreviousTurn>;

/** Plain JSON by construction (grounding/verification.ts); Studio needs a schema that it can draw. */
const Verdicts = z.json() as z.ZodType as z.ZodType<Verification | null>;

export const GraphState = z.object({
  question: latest(z.string(), "", "The user's question. Input; rewritten by clarify with the reply."),
  options: latest(Options, {}, "The client's wishes for this turn. Input."),
  run_id: latest(z.string(), "", "The run that last gave this thread its input. Input."),
  history: latest(z.array(Message), [], "Window of earlier messages, oldest first. Input or synthesize."),
  summary: latest(z.string(), "", "Rolling summary of what left the window. Written by synthesize."),
  previous: latest(PreviousTurn.nullable(), null, "The last turn, for follow-ups. Written by synthesize."),
  turn: latest(z.number(), 0, "Turns begun on this thread. Written by classify."),
  clarified: latest(z.boolean(), false, "Whether this turn has asked back already. Written by clarify."),
  plan: latest(Plan.nullable(), null, "The plan of this turn. Written by classify."),
  replans: latest(z.number(), 0, "Plans made after the first in this turn. Written by classify."),
  findings: appended(
    Finding,
    "One per finished step. Appended by backend nodes and dispatch; reset by classify.",
  ),
  usage: appended(
    NodeUsage,
    "Tokens and money per call. Appended by every node that calls; reset by classify.",
  ),
  approvals: latest(
    z.record(z.string(), Approval),
    {},
    "Decisions on steps that need approval. Written by approve.",
  ),
  conversations: merged(
    z.string(),
    "Each backend's own conversation of this thread. Merged by backend nodes.",
  ),
  answer: latest(
    Answer.nullable(),
    null,
    "The answer of this turn. Written by synthesize, checked by verify.",
  ),
  verification: latest(Verdicts, null, "What verify confirmed and could not. Written by verify."),
});
export type State = z.infer<typeof GraphState>;

/** What a node returns: the fields that it writes. */
export type Update = Partial<Omit<State, "findings" | "usage">> & {
  findings?: Finding[] | { restart: Finding[] };
  usage?: NodeUsage[] | { restart: NodeUsage[] };
};

/** What starts a turn. Without defaults: a default would overwrite what the thread already holds. */
export const GraphInput = z.object({
  question: z.string().describe("The user's question."),
  options: Options.optional().describe("The client's wishes for this turn."),
  history: z.array(Message).optional().describe("Replaces the remembered conversation."),
  clarified: z.boolean().optional().describe("False for every new question."),
  conversations: z
    .object({ restart: z.record(z.string(), z.string()) })
    .optional()
    .describe("Replaces the backends' own conversations, for a fork."),
  run_id: z.string().optional().describe("Tells a restarted run whether its input was kept."),
});
export type GraphInput = z.infer<typeof GraphInput>;

/** What a run may be told by whoever starts it, Studio included. Everything else of a run is in `configurable.run`. */
export const GraphContext = z.object({
  deadline_ms: z
    .number()
    .optional()
    .describe("Longest time for this run in milliseconds; the configured budget when absent."),
});
export type GraphContext = z.infer<typeof GraphContext>;

/** What `dispatch` hands to a backend node through Send: only what the step needs, because it is checkpointed. */
export const StepInput = z.object({
  step: z.string(),
  /** References filled in. */
  question: z.string(),
  extract: z.array(Extract),
  conversation_id: z.string().nullable(),
  /** Results of earlier steps that go along, by reference. */
  context: z.array(
    z.object({
      step: z.string(),
      backend: z.string(),
      question: z.string(),
      text: z.string(),
      evidence: z.array(z.string()),
    }),
  ),
  /** What the request has spent, steps that start with this one and come before it in the plan included. */
  spent: z.object({ usd: z.number(), tokens: z.number() }).optional(),
});
export type StepInput = z.infer<typeof StepInput>;
