/** One Genie message and the status that it shows while time passes. */
import { randomUUID } from "node:crypto";
import type { GenieReply } from "../company/contract.ts";

export interface GenieMessage {
  id: string;
  conversation_id: string;
  content: string;
  /** Epoch milliseconds. */
  created: number;
  /** Null while the company is still thinking. */
  reply: GenieReply | null;
  statement_id: string;
  query_attachment: string;
  text_attachment: string;
  questions_attachment: string;
  /** The rows are gone until the query is run again. */
  expired: boolean;
  rerun_at: number | null;
  rating: string | null;
}

/** Statuses on the way, in the order in which Genie shows them (contracts section 3a). */
export const RUNNING = [
  "SUBMITTED",
  "FETCHING_METADATA",
  "FILTERING_CONTEXT",
  "ASKING_AI",
  "PENDING_WAREHOUSE",
  "EXECUTING_QUERY",
] as const;

const ASKING_AI = 3;

export type GenieStatus = (typeof RUNNING)[number] | "COMPLETED" | "FAILED" | "QUERY_RESULT_EXPIRED";

export function newMessage(conversation_id: string, content: string, now: number): GenieMessage {
  return {
    id: hexId(),
    conversation_id,
    content,
    created: now,
    reply: null,
    statement_id: randomUUID(),
    query_attachment: hexId(),
    text_attachment: hexId(),
    questions_attachment: hexId(),
    expired: false,
    rerun_at: null,
    rating: null,
  };
}

/** One step every `stepMs`; answers without a query skip the warehouse; nothing is COMPLETED before its reply. */
export function statusOf(message: GenieMessage, now: number, stepMs: number): GenieStatus {
  const { reply } = message;
  if (message.rerun_at !== null && now - message.rerun_at < stepMs) return "EXECUTING_QUERY";
  const steps = stepMs > 0 ? Math.floor((now - message.created) / stepMs) : RUNNING.length;
  if (!reply) return RUNNING[Math.min(steps, ASKING_AI)] ?? "ASKING_AI";
  const walk = reply.query ? RUNNING : RUNNING.slice(0, ASKING_AI + 1);
  const running = walk[steps];
  if (running) return running;
  if (reply.outcome === "failed") return "FAILED";
  return message.expired && reply.query ? "QUERY_RESULT_EXPIRED" : "COMPLETED";
}

export function isTerminal(status: GenieStatus): boolean {
  return !RUNNING.some((running) => running === status);
}

export function hexId(): string {
  return randomUUID().replaceAll("-", "");
}
