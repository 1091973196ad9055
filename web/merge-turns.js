/** Joins what the server keeps of a conversation with what only this browser knows of it. */
import { applyEvent, createTurn } from "./turn.js";

/** @typedef {import("./turn.js").Turn} Turn */

/**
 * A question and its stored response, as `GET /threads/:id/turns` lists them.
 * @param {{ question: string | null, response: any }} entry
 * @returns {Turn}
 */
export function storedTurn({ question, response }) {
  const turn = createTurn(question ?? "Reply to the approval request", response.created_at * 1_000);
  turn.response = response.id;
  const ended = /** @type {Record<string, string>} */ (ENDS)[response.status];
  if (ended !== undefined) applyEvent(turn, { type: ended, response });
  else Object.assign(turn, { status: "stopped", error: "This question is still being worked on." });
  return turn;
}

const ENDS = {
  completed: "response.completed",
  incomplete: "response.incomplete",
  cancelled: "response.incomplete",
  failed: "response.failed",
};

/**
 * The server says which answers there are. Votes and times are this browser's.
 * @param {Turn[]} stored @param {Turn[]} local
 * @returns {Turn[]}
 */
export function withOwnVotes(stored, local) {
  const own = new Map(local.map((turn) => [turn.response, turn]));
  return stored.map((turn) => {
    const known = own.get(turn.response);
    if (known === undefined) return turn;
    const { question, vote, duration_ms, started_at } = known;
    return { ...turn, question, vote, duration_ms, started_at };
  });
}

/**
 * Questions that were stopped or refused are this browser's, too: the server keeps nothing of those.
 * @param {Turn[]} stored oldest first @param {Turn[]} local oldest first
 * @returns {Turn[]} oldest first
 */
export function mergeTurns(stored, local) {
  const turns = withOwnVotes(stored, local);
  const kept = new Set(stored.map((turn) => turn.response));
  for (const turn of local) {
    if (turn.status === "done" || kept.has(turn.response)) continue;
    const later = turns.findIndex((other) => other.started_at > turn.started_at);
    turns.splice(later === -1 ? turns.length : later, 0, turn);
  }
  return turns;
}
