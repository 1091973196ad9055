/** Speaks to the server: questions, backends, evidence. Every failure is an `ApiError` with a sentence for the reader. */
import { readEvents } from "./event-stream.js";

export class ApiError extends Error {
  /** @param {string} message @param {string} code @param {number | null} [status] @param {any} [body] */
  constructor(message, code, status = null, body = null) {
    super(message);
    this.body = body;
    this.code = code;
    this.status = status;
  }
}

/**
 * Streams one turn: `input` is a question, or the words on what waits for approval. Aborting the signal stops the run
 * on the server.
 * @param {{ input: string | object[], thread: string, signal: AbortSignal }} ask
 * @returns {AsyncGenerator<import("./event-stream.js").StreamEvent, void, void>}
 */
export async function* streamAnswer({ input, thread, signal }) {
  const response = await send("/responses", {
    method: "POST",
    signal,
    headers: {
      "content-type": "application/json",
      accept: "text/event-stream",
      "x-orchestrator-events": "1",
    },
    body: JSON.stringify({ input, stream: true, custom_inputs: { thread_id: thread } }),
  });
  if (response.body === null) throw new ApiError("The server sent no answer.", "empty");
  yield* readEvents(response.body);
}

/** Says whether an answer was good; once more changes it. @param {string} response @param {boolean} good */
export async function sendVote(response, good) {
  await send("/feedback", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ response_id: response, value: good }),
  });
}

/** @param {string} path @returns {Promise<any>} */
export async function getJson(path) {
  const response = await send(path, { headers: { accept: "application/json" } });
  return response.json();
}

/**
 * A page of the caller's conversations, last used first.
 * @param {{ limit: number, before: string | null }} page `before` is `next` of the page before
 * @returns {Promise<{ data: { id: string, title: string, updated_at: string }[], next: string | null }>}
 */
export function listThreads({ limit, before }) {
  const from = before === null ? "" : `&before=${encodeURIComponent(before)}`;
  return getJson(`/threads?limit=${limit}${from}`);
}

/**
 * A page of a conversation's questions with their responses, newest first.
 * @param {string} thread @param {string | null} before response id
 * @returns {Promise<{ data: { id: string, question: string | null, response: any }[], has_more: boolean }>}
 */
export function listTurns(thread, before) {
  const from = before === null ? "" : `&before=${encodeURIComponent(before)}`;
  return getJson(`/threads/${encodeURIComponent(thread)}/turns?limit=20${from}`);
}

/** Removes a conversation with every trace of it; one that is gone already counts as removed. @param {string} thread */
export async function deleteThread(thread) {
  try {
    await send(`/threads/${encodeURIComponent(thread)}`, { method: "DELETE" });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}

/**
 * The whole piece of evidence behind a citation; null where the server does not hand it out.
 * @param {string} response
 * @param {string} evidence
 */
export async function getEvidence(response, evidence) {
  try {
    return await getJson(
      `/responses/${encodeURIComponent(response)}/evidence/${encodeURIComponent(evidence)}`,
    );
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

/** @param {string} path @param {RequestInit} init */
async function send(path, init) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError("The server cannot be reached. Is it running?", "unreachable");
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** @param {Response} response */
async function refusal(response) {
  const body = await response.json().catch(() => null);
  const wait = Number(response.headers.get("retry-after"));
  const again = wait > 0 ? ` Try again in ${wait} seconds.` : "";
  const message = body?.error?.message ?? `The server answered with status ${response.status}.`;
  return new ApiError(`${message}${again}`, body?.error?.code ?? "http", response.status, body);
}
