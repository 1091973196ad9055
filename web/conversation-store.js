/** Keeps conversations in this browser, so that a reload shows them again; the server keeps the thread itself. */

const PREFIX = "orchestrator.thread.";
const KEPT = 20;

/** The thread named in the address, or a new one. */
export function currentThread() {
  const named = new URLSearchParams(location.search).get("thread");
  if (named !== null && /^[\w-]{8,64}$/.test(named)) return named;
  const thread = newId();
  history.replaceState(null, "", `?thread=${thread}`);
  return thread;
}

/** Starts a new thread and names it in the address. */
export function startThread() {
  const thread = newId();
  history.pushState(null, "", `?thread=${thread}`);
  return thread;
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
    return turns.map((turn) => (turn.status === "running" ? { ...turn, status: "stopped" } : turn));
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
