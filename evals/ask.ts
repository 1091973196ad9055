/** Puts a case to the server over HTTP: every turn in one thread, the last one measured. */
import { randomBytes } from "node:crypto";
import type { Plan } from "../routing/plan.ts";
import { turnsOf, type Case } from "./case.ts";
import type { Outcome } from "./outcome.ts";
import { ResponseOnWire } from "./wire.ts";

export interface AskOptions {
  /** Base URL of the server. */
  url: string;
  /** Longest time for one turn, milliseconds. */
  timeout_ms: number;
  /** A plan to run instead of the router's own, for the last turn. */
  plan?: Plan | null;
}

/** Never throws: what goes wrong is part of the outcome. */
export async function askCase(question: Case, options: AskOptions): Promise<Outcome> {
  const thread = `eval-${randomBytes(12).toString("hex")}`;
  const turns = turnsOf(question);
  let outcome: Outcome = {
    id: question.id,
    response: null,
    text: "",
    error: "There is no question.",
    latency_ms: 0,
    trace_id: null,
  };
  for (const [index, turn] of turns.entries()) {
    const plan = index === turns.length - 1 ? (options.plan ?? null) : null;
    outcome = await askTurn(question.id, turn, thread, { ...options, plan });
    if (outcome.response === null) return outcome;
  }
  return outcome;
}

/** One turn of a thread. Never throws. */
export async function askTurn(
  id: string,
  input: string,
  thread: string,
  { url, timeout_ms, plan = null }: AskOptions,
): Promise<Outcome> {
  const started = performance.now();
  const custom_inputs = { thread_id: thread, ...(plan === null ? {} : { plan }) };
  const result = await post(`${url}/responses`, { input, custom_inputs }, timeout_ms);
  const latency_ms = performance.now() - started;
  const parsed = ResponseOnWire.safeParse(result.body);
  if (!parsed.success) {
    const error = result.error ?? `The server answered with status ${result.status} and no response object.`;
    return { id, response: null, text: "", error, latency_ms, trace_id: result.trace_id };
  }
  const response = parsed.data;
  const parts = response.output.filter(({ type }) => type === "message").flatMap(({ content }) => content);
  return {
    id,
    response,
    text: parts.map(({ text }) => text).join(""),
    error: response.error?.message ?? null,
    latency_ms,
    trace_id: result.trace_id,
  };
}

interface Posted {
  status: number;
  body: unknown;
  error: string | null;
  trace_id: string | null;
}

async function post(url: string, body: unknown, timeout_ms: number): Promise<Posted> {
  try {
    const reply = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeout_ms),
    });
    const parsed: unknown = await reply.json();
    return {
      status: reply.status,
      body: parsed,
      error: reply.ok ? null : JSON.stringify(parsed).slice(0, 300),
      trace_id: reply.headers.get("x-trace-id"),
    };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { status: 0, body: null, error: said, trace_id: null };
  }
}
