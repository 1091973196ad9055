/** The caller's conversations as a list: open one, delete one, see more of them. */
import { announce } from "./announce.js";
import { ApiError, listThreads } from "./api.js";
import { addressOf } from "./conversation-store.js";
import { byId, element, icon } from "./dom.js";
import { createForgetDialog } from "./forget-dialog.js";
import { dayLabel } from "./labels.js";

/** @typedef {{ id: string, title: string, updated_at: string }} Listed */

const PAGE = 30;
const MOST = 100;
const BIN = "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13";

/** @param {{ open: (thread: string) => void, forget: (thread: string) => void }} actions */
export function createHistoryList(actions) {
  const list = byId("history-list");
  const more = byId("history-more");
  const note = byId("history-note");
  /** @type {Listed[]} */
  let shown = [];
  /** @type {string | null} */
  let next = null;
  let current = "";
  /** The open one that was brought into view; afterwards the reader scrolls. */
  let seen = "";
  let asked = 0;
  const dialog = createForgetDialog({ forgotten });

  /** From the start, as many as are shown. */
  async function refresh() {
    await load(null, Math.min(MOST, Math.max(PAGE, shown.length)));
  }

  /** @param {string | null} before @param {number} limit */
  async function load(before, limit) {
    asked += 1;
    const mine = asked;
    try {
      const page = await listThreads({ limit, before });
      if (mine !== asked) return;
      const known = new Set(before === null ? [] : shown.map(({ id }) => id));
      shown = [...(before === null ? [] : shown), ...page.data.filter(({ id }) => !known.has(id))];
      next = page.next;
      draw();
    } catch (error) {
      if (mine !== asked) return;
      note.hidden = false;
      note.textContent = error instanceof ApiError ? error.message : "The list could not be loaded.";
    }
  }

  /** The item that has the focus keeps it. */
  function draw() {
    const focused = document.activeElement?.closest("li[data-thread]")?.getAttribute("data-thread");
    list.replaceChildren(...shown.map(itemView));
    if (focused) linkOf(focused)?.focus();
    if (current !== seen && linkOf(current) !== null) {
      seen = current;
      linkOf(current)?.scrollIntoView({ block: "nearest" });
    }
    more.hidden = next === null;
    note.hidden = shown.length > 0;
    note.textContent = "Nothing yet. What you ask is listed here.";
  }

  /** @param {Listed} thread */
  function itemView(thread) {
    const title = thread.title === "" ? "Untitled" : thread.title;
    const open = (/** @type {Event} */ event) => {
      const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent} */ (event);
      if (ctrlKey || metaKey || shiftKey) return;
      event.preventDefault();
      actions.open(thread.id);
    };
    return element(
      "li",
      { "data-thread": thread.id },
      element(
        "a",
        { href: addressOf(thread.id), title, "aria-current": thread.id === current && "page", onclick: open },
        element("span", { class: "history-name" }, title),
        element("span", { class: "history-day" }, dayLabel(thread.updated_at, new Date())),
      ),
      element(
        "button",
        { class: "icon", type: "button", "aria-label": `Delete ${title}`, onclick: () => dialog.ask(thread) },
        icon(BIN),
      ),
    );
  }

  /** @param {string} thread @returns {HTMLElement | null} */
  function linkOf(thread) {
    return list.querySelector(`li[data-thread="${CSS.escape(thread)}"] a`);
  }

  /** The focus goes to what stands in its place. @param {string} thread */
  function forgotten(thread) {
    const at = shown.findIndex(({ id }) => id === thread);
    shown = shown.filter(({ id }) => id !== thread);
    draw();
    const after = shown[at] ?? shown.at(-1);
    (after === undefined ? byId("history-title") : linkOf(after.id))?.focus();
    announce("The conversation is deleted.");
    actions.forget(thread);
  }

  more.addEventListener("click", () => {
    const from = shown.length;
    void load(next, PAGE).then(() => linkOf(shown[from]?.id ?? "")?.focus());
  });

  return {
    refresh,
    /** Which one is open. @param {string} thread */
    mark(thread) {
      current = thread;
      list.querySelector("a[aria-current]")?.removeAttribute("aria-current");
      linkOf(thread)?.setAttribute("aria-current", "page");
    },
  };
}
