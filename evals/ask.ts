/** Puts a case to the server over HTTP: every turn in one thread, the last one measured. */
import { randomBytes } from "node:crypto";
import { turnsOf, type Case } from "./case.ts";
import type { Outcome } from "./outcome.ts";
import { ResponseOnWire } from "./wire.ts";

export interface AskOptions {
  /** Base URL of the server. */
  url: string;
  /** Longest time for one turn, milliseconds. */
  timeout_ms: number;
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
  };
  for (const turn of turns) {
    outcome = await askTurn(question.id, turn, thread, options);
    if (outcome.response === null) return outcome;
  }
  return outcome;
}

async function askTurn(
  id: string,
  input: string,
  thread: string,
  { url, timeout_ms }: AskOptions,
): Promise<Outcome> {
  const started = performance.now();
  const result = await post(`${url}/responses`, { input, custom_inputs: { thread_id: thread } }, timeout_ms);
  const latency_ms = performance.now() - started;
  const parsed = ResponseOnWire.safeParse(result.body);
  if (!parsed.success) {
    const error = result.error ?? `The server answered with status ${result.status} and no response object.`;
    return { id, response: null, text: "", error, latency_ms };
  }
  const response = parsed.data;
  const parts = response.output.filter(({ type }) => type === "message").flatMap(({ content }) => content);
  return {
    id,
    response,
    text: parts.map(({ text }) => text).join(""),
    error: response.error?.message ?? null,
    latency_ms,
  };
}

interface Posted {
  status: number;
  body: unknown;
  error: string | null;
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
    };
  } catch (error) {
    return { status: 0, body: null, error: error instanceof Error ? error.message : String(error) };
  }
}
