/** Waits until a Genie message has ended, by code and with ever longer pauses, and gets its rows. */
import type { Asking } from "../create-backend.ts";
import { BackendError } from "../errors.ts";
import type { Services } from "../services.ts";
import { isTerminal, statusSentence, type GenieMessage, type GenieResult } from "./genie-message.ts";
import { pollWaitMs } from "./poll-waits.ts";
import type { BegunQuestion } from "./start-question.ts";
import type { GenieRows } from "./transport.ts";

/** Each status is told once. The scope's deadline ends the waiting otherwise. */
export async function followMessage(
  asking: Asking,
  { transport, message: first }: BegunQuestion,
  { clock, random }: Services,
): Promise<GenieMessage> {
  let message = first;
  let told = "";
  for (let look = 0; ; look += 1) {
    if (message.status !== told) {
      told = message.status;
      asking.call.onProgress({ status: told, message: statusSentence(told) });
    }
    if (isTerminal(message.status)) return message;
    await clock.sleep(pollWaitMs(look, random), asking.scope.signal);
    message = await transport.poll(asking.scope, first.conversation_id, first.message_id);
  }
}

/**
 * Null for an answer without a query. A result that has expired, or that is not found, is computed again; `lost` when
 * the workspace does not find it then either and there are words to answer with.
 */
export async function rowsOf(
  asking: Asking,
  message: GenieMessage,
  rows: GenieRows,
): Promise<GenieResult | "lost" | null> {
  if (message.query === null) return null;
  if (message.query.result !== null) return message.query.result;
  const gone = message.status === "QUERY_RESULT_EXPIRED";
  const there = gone ? null : await rows.fetch(asking.scope, message).catch(missing);
  if (there !== null && there !== "missing") return there;
  asking.call.onProgress({ status: "QUERY_RESULT_EXPIRED", message: "Genie runs the expired query again." });
  return await rows.rerun(asking.scope, message).catch((error: unknown) => {
    if (there !== "missing" || !isExpired(error) || message.texts.length === 0) throw error;
    return "lost" as const;
  });
}

function missing(error: unknown): "missing" {
  if (error instanceof BackendError && error.detail.status === 404) return "missing";
  throw error;
}

function isExpired(error: unknown): boolean {
  return error instanceof BackendError && error.code === "expired";
}
