/** Ask back once, with options, and take the reply up where it left off. */
import { interrupt } from "@langchain/langgraph";
import type { Clarification } from "../routing/plan.ts";
import type { State, Update } from "./channels.ts";
import type { Message } from "./state.ts";

/** What the graph stops with; the run's answer is this question. */
export interface ClarifyInterrupt extends Clarification {
  type: "clarify";
}

export async function clarify(state: Pick<State, "question" | "plan" | "history">): Promise<Update> {
  const asked = state.plan?.clarify ?? { question: "What do you mean?", options: [], missing: "" };
  const reply = interrupt<ClarifyInterrupt, string>({ type: "clarify", ...asked });
  const exchange: Message[] = [
    { role: "user", content: state.question },
    { role: "assistant", content: clarifyText(asked) },
  ];
  return {
    question: understood(state.question, reply, asked.options),
    history: [...state.history, ...exchange],
    clarified: true,
  };
}

/** The clarifying question as the user reads it. */
export function clarifyText(asked: Clarification): string {
  return [asked.question, ...asked.options.map((option, index) => `${index + 1}. ${option}`)].join("\n");
}

/** A reply that picks or adds something completes the question; a whole new question replaces it. */
export function understood(question: string, reply: string, options: string[]): string {
  const picked = options[Number(reply.trim().replace(/[.)]$/, "")) - 1] ?? reply.trim();
  const chosen = options.some((option) => option.toLowerCase() === picked.toLowerCase());
  const isFragment = picked.split(/\s+/).length <= 5 && !picked.includes("?");
  return chosen || isFragment ? `${question.replace(/[\s?.!]+$/, "")} (${picked})` : reply;
}
