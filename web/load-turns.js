/** Fetches what the server keeps of a conversation. */
import { ApiError, listTurns } from "./api.js";
import { storedTurn } from "./merge-turns.js";

/**
 * A page of turns, oldest first, and the id to ask for what came before them (null: nothing did). Null when the server
 * cannot be asked; nothing at all of a conversation that it does not know.
 * @param {string} thread @param {string | null} before
 * @returns {Promise<{ turns: import("./turn.js").Turn[], earlier: string | null } | null>}
 */
export async function fetchTurns(thread, before) {
  try {
    const { data, has_more } = await listTurns(thread, before);
    return { turns: data.map(storedTurn).toReversed(), earlier: has_more ? (data.at(-1)?.id ?? null) : null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 404 ? { turns: [], earlier: null } : null;
  }
}
