/** The conversation on the page: its turns, the one that is being answered, and what is kept of them. */
import { announce } from "./announce.js";
import { ApiError, sendVote } from "./api.js";
import {
  addressOf,
  currentThread,
  forgetTurns,
  loadTurns,
  saveTurns,
  startThread,
} from "./conversation-store.js";
import { byId } from "./dom.js";
import { endOf, followTurn } from "./follow-turn.js";
import { fetchTurns } from "./load-turns.js";
import { mergeTurns, withOwnVotes } from "./merge-turns.js";
import { createTurn } from "./turn.js";
import { createTurnView } from "./turn-view.js";

/**
 * @typedef {import("./turn.js").Turn} Turn
 * @typedef {{ turn: Turn, view: ReturnType<typeof createTurnView> }} Entry
 * @typedef {{ thread: string, entries: Entry[], earlier: string | null, deleted: boolean }} Open One conversation; another one is another object
 */

/**
 * @param {{ openSource: (turn: Turn, n: number, from: HTMLElement) => void, setBusy: (busy: boolean) => void,
 *   onChange: (thread: string) => void }} page `onChange`: another conversation is open, or this one has a new answer
 */
export function createConversation(page) {
  const list = byId("turns");
  const earlier = byId("earlier");
  /** @type {Open} */
  let open = { thread: "", entries: [], earlier: null, deleted: false };
  /** @type {AbortController | null} */
  let running = null;

  const actions = {
    openSource: page.openSource,
    ask: (/** @type {string} */ question) => void ask(question),
    retry: (/** @type {Turn} */ turn) => void ask(turn.question, turn.input ?? turn.question),
    vote: (/** @type {Turn} */ turn, /** @type {boolean} */ good) => vote(turn, good),
    decide: (/** @type {string} */ words, /** @type {object[]} */ input) => void ask(words, input),
  };

  /** @param {Turn} turn @returns {Entry} */
  const entryOf = (turn) => ({ turn, view: createTurnView(turn, actions) });

  /** @param {Open} here */
  function draw(here) {
    for (const { turn, view } of here.entries.slice(0, -1)) {
      if (turn.approvals.length === 0) continue;
      turn.approvals = [];
      view.update();
    }
    list.replaceChildren(...here.entries.map(({ view }) => view.root));
    byId("welcome").hidden = here.entries.length > 0;
    earlier.hidden = here.earlier === null;
  }

  /** Shows what this browser has at once, then what the server says. @param {string} thread @param {boolean} fresh */
  async function show(thread, fresh) {
    running?.abort();
    running = null;
    page.setBusy(false);
    const local = fresh ? [] : loadTurns(thread);
    const here = { thread, entries: local.map(entryOf), earlier: null, deleted: false };
    open = here;
    draw(here);
    for (const note of ["unloaded", "loading"]) byId(note).hidden = true;
    list.lastElementChild?.scrollIntoView({ block: "start" });
    page.onChange(thread);
    if (!fresh) await reconcile(here, local);
  }

  /** What was asked meanwhile stays below. @param {Open} here @param {Turn[]} local */
  async function reconcile(here, local) {
    const waiting = local.length === 0;
    byId("loading").hidden = !waiting;
    if (waiting) byId("welcome").hidden = true;
    const found = await fetchTurns(here.thread, null);
    if (open !== here) return;
    byId("loading").hidden = true;
    byId("unloaded").hidden = found !== null || !waiting;
    if (found === null) return;
    here.earlier = found.earlier;
    const merged = mergeTurns(found.turns, local);
    if (!sameTurns(merged, local))
      here.entries = [...merged.map(entryOf), ...here.entries.slice(local.length)];
    draw(here);
    if (running === null && waiting) list.lastElementChild?.scrollIntoView({ block: "start" });
  }

  async function showEarlier() {
    const here = open;
    const found = await fetchTurns(here.thread, here.earlier);
    if (found === null || open !== here) return;
    here.earlier = found.earlier;
    const before = document.documentElement.scrollHeight;
    here.entries.unshift(...withOwnVotes(found.turns, loadTurns(here.thread)).map(entryOf));
    draw(here);
    scrollBy(0, document.documentElement.scrollHeight - before);
  }

  /** @param {string} question @param {string | object[]} [input] what is sent, where it is not the question */
  async function ask(question, input = question) {
    if (running !== null) return;
    const controller = new AbortController();
    running = controller;
    page.setBusy(true);
    const here = open;
    const turn = createTurn(question, Date.now());
    if (input !== question) turn.input = input;
    const { view } = entryOf(turn);
    here.entries.push({ turn, view });
    draw(here);
    view.root.scrollIntoView({ block: "start", behavior: "smooth" });
    await followTurn(turn, { input, thread: here.thread, signal: controller.signal }, paced(view.update));
    view.update();
    keep(here);
    if (running !== controller) return;
    running = null;
    announce(endOf(turn));
    page.setBusy(false);
    page.onChange(here.thread);
  }

  /** @param {Turn} turn @param {boolean} good */
  async function vote(turn, good) {
    const here = open;
    try {
      await sendVote(turn.response ?? "", good);
      turn.vote = good;
      keep(here);
      announce("Thank you.");
    } catch (error) {
      announce(error instanceof ApiError ? error.message : "The vote was not taken.");
    }
  }

  addEventListener("popstate", () => {
    const { thread, fresh } = currentThread();
    if (thread !== open.thread) void show(thread, fresh);
  });
  earlier.addEventListener("click", () => void showEarlier());
  byId("unloaded-retry").addEventListener("click", () => void show(open.thread, false));

  return {
    ask: actions.ask,
    stop: () => running?.abort(),
    restore() {
      const { thread, fresh } = currentThread();
      void show(thread, fresh);
    },
    /** @param {string} thread */
    open(thread) {
      if (thread === open.thread) return;
      history.pushState(null, "", addressOf(thread));
      void show(thread, false);
    },
    startNew: () => void show(startThread(), true),
    /** After it was deleted on the server. @param {string} thread */
    forget(thread) {
      if (thread === open.thread) {
        open.deleted = true;
        void show(startThread(), true);
      }
      forgetTurns(thread);
    },
  };
}

/** @param {Open} here */
function keep({ thread, entries, deleted }) {
  if (deleted) return;
  saveTurns(
    thread,
    entries.map(({ turn }) => turn),
  );
}

/** @param {Turn[]} some @param {Turn[]} others */
function sameTurns(some, others) {
  const ids = (/** @type {Turn[]} */ turns) => turns.map((turn) => `${turn.response} ${turn.status}`).join();
  return ids(some) === ids(others);
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
