/** The router as its callers see it: a question in its conversation becomes a plan. */
import type { Plan } from "./plan.ts";

export interface RouteInput {
  question: string;
  /** The bounded window of earlier messages, oldest first. */
  history: { role: "user" | "assistant"; content: string }[];
  summary: string;
  /** The last turn's plan and what came of it, for follow-ups ("and by region?"). */
  previous: { question: string; plan: Plan | null; backends_ok: string[] } | null;
  /** Backends that hold a conversation of this thread; without it every one is taken to. */
  conversations?: string[];
  /** Backends that this caller may use now. */
  allowed: string[];
  instructions?: string;
}

export interface RouteContext {
  signal: AbortSignal;
  deadline: number;
  /** Reports what a model call used, for cost per node. */
  onUsage(usage: {
    node: string;
    model: string;
    input_tokens: number;
    cached_tokens: number;
    output_tokens: number;
    reasoning_tokens: number;
    latency_ms: number;
  }): void;
}

export interface Router {
  /** Never throws for a failing model: it falls back and says so in `decision.fallback`. */
  route(input: RouteInput, context: RouteContext): Promise<Plan>;
}
