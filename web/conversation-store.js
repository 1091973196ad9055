/** The conversation named in the address, and what this browser keeps of conversations beside the server. */
import { createTurn } from "./turn.js";

const PREFIX = "orchestrator.thread.";
const KEPT = 20;

/** The thread that the address names, or a new one that it names from now on. @returns {{ thread: string, fresh: boolean }} */
export function currentThread() {
  const named = new URLSearchParams(location.search).get("thread");
  if (named !== null && named !== "") return { thread: named, fresh: false };
  const thread = newId();
  history.replaceState(null, "", addressOf(thread));
  return { thread, fresh: true };
}

/** Starts a new thread and names it in the address. */
export function startThread() {
  const thread = newId();
  history.pushState(null, "", addressOf(thread));
  return thread;
}

/** Where a thread is shown. @param {string} thread */
export function addressOf(thread) {
  return `?thread=${encodeURIComponent(thread)}`;
}

/**
 * A turn that was running when the page went away counts as stopped.
 * @param {string} thread
 * @returns {import("./turn.js").Turn[]}
 */
export function loadTurns(thread) {
  try {
    const { turns } = JSON.parse(localStorage.getItem(PREFIX + thread) ?? "{}");
    if (!Array.isArray(turns)) return [];
    return turns.map((turn) => ({
      ...createTurn(turn.question, turn.started_at),
      ...turn,
      ...(turn.status === "running" ? { status: "stopped" } : {}),
    }));
  } catch {
    return [];
  }
}

/**
 * Writes the conversation; without room the oldest others go, and at last nothing is kept.
 * @param {string} thread
 * @param {import("./turn.js").Turn[]} turns
 */
export function saveTurns(thread, turns) {
  const value = JSON.stringify({ saved_at: Date.now(), turns });
  const others = otherThreads(thread);
  for (const key of others.splice(KEPT - 1)) localStorage.removeItem(key);
  for (;;) {
    try {
      localStorage.setItem(PREFIX + thread, value);
      return;
    } catch {
      const oldest = others.pop();
      if (oldest === undefined) return;
      localStorage.removeItem(oldest);
    }
  }
}

/** @param {string} thread */
export function forgetTurns(thread) {
  localStorage.removeItem(PREFIX + thread);
}

/** Keys of the other conversations, newest first. @param {string} thread */
function otherThreads(thread) {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && key !== PREFIX + thread);
  const age = (/** @type {string} */ key) =>
    Number(/"saved_at":(\d+)/.exec(localStorage.getItem(key)?.slice(0, 60) ?? "")?.[1] ?? 0);
  return keys.sort((a, b) => age(b) - age(a));
}

/** `crypto.randomUUID` exists only on secure origins. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
