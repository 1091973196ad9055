/** The conversation on the page: its turns, the one that is being answered, and what is kept of them. */
import { ApiError, sendVote, streamAnswer } from "./api.js";
import { currentThread, loadTurns, saveTurns, startThread } from "./conversation-store.js";
import { byId } from "./dom.js";
import { backendLabel } from "./labels.js";
import { applyEvent, createTurn } from "./turn.js";
import { createTurnView } from "./turn-view.js";

/** @typedef {import("./turn.js").Turn} Turn */

/**
 * @param {{ openSource: (turn: Turn, n: number, from: HTMLElement) => void, setBusy: (busy: boolean) => void }} page
 */
export function createConversation(page) {
  const list = byId("turns");
  let thread = currentThread();
  /** @type {Turn[]} */
  let turns = [];
  /** @type {AbortController | null} */
  let running = null;

  const actions = {
    openSource: page.openSource,
    ask: (/** @type {string} */ question) => void ask(question),
    retry: (/** @type {Turn} */ turn) => void ask(turn.question),
    vote: (/** @type {Turn} */ turn, /** @type {boolean} */ good) => vote(turn, good),
  };

  /** @param {Turn} turn */
  function show(turn) {
    const view = createTurnView(turn, actions);
    list.append(view.root);
    byId("welcome").hidden = true;
    return view;
  }

  function restore() {
    running?.abort();
    list.replaceChildren();
    turns = loadTurns(thread);
    for (const turn of turns) show(turn);
    byId("welcome").hidden = turns.length > 0;
    list.lastElementChild?.scrollIntoView({ block: "start" });
  }

  /** @param {string} question */
  async function ask(question) {
    if (running !== null) return;
    const controller = new AbortController();
    running = controller;
    page.setBusy(true);
    const turn = createTurn(question, Date.now());
    const mine = turns;
    const where = thread;
    mine.push(turn);
    const view = show(turn);
    view.root.scrollIntoView({ block: "start", behavior: "smooth" });
    const draw = paced(view.update);
    await follow(turn, where, controller.signal, draw);
    turn.duration_ms = Date.now() - turn.started_at;
    view.update();
    saveTurns(where, mine);
    announce(endOf(turn));
    running = null;
    page.setBusy(false);
  }

  /** @param {Turn} turn @param {boolean} good */
  async function vote(turn, good) {
    const where = thread;
    const mine = turns;
    try {
      await sendVote(turn.response ?? "", good);
      turn.vote = good;
      saveTurns(where, mine);
      announce("Thank you.");
    } catch (error) {
      announce(error instanceof ApiError ? error.message : "The vote was not taken.");
    }
  }

  addEventListener("popstate", () => {
    const named = currentThread();
    if (named === thread) return;
    thread = named;
    restore();
  });

  return {
    ask: (/** @type {string} */ question) => void ask(question),
    stop: () => running?.abort(),
    restore,
    startNew() {
      thread = startThread();
      restore();
    },
  };
}

/** @param {Turn} turn @param {string} thread @param {AbortSignal} signal @param {() => void} draw */
async function follow(turn, thread, signal, draw) {
  try {
    for await (const event of streamAnswer({ question: turn.question, thread, signal })) {
      applyEvent(turn, event);
      if (event.type === "orchestrator.step_started")
        announce(`Asking ${backendLabel(event.backend ?? "")}.`);
      draw();
    }
    if (turn.status === "running")
      Object.assign(turn, {
        status: "failed",
        error: turn.error ?? "The connection ended before the answer was complete.",
      });
  } catch (error) {
    if (signal.aborted) turn.status = "stopped";
    else
      Object.assign(turn, {
        status: "failed",
        error:
          error instanceof ApiError ? error.message : "The connection broke before the answer was complete.",
      });
  }
}

/** Draws at most once per frame. @param {() => void} update */
function paced(update) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      update();
    });
  };
}

/** @param {Turn} turn */
function endOf(turn) {
  if (turn.status === "done") return "The answer is complete.";
  return turn.status === "stopped" ? "Stopped." : `The answer failed. ${turn.error ?? ""}`;
}

/** For screen readers. @param {string} words */
function announce(words) {
  byId("status").textContent = words;
}
