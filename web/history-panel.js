/** The panel with earlier conversations: beside the conversation on wide screens, over it on narrow ones. */
import { byId } from "./dom.js";
import { createHistoryList } from "./history-list.js";

const WIDE = matchMedia("(min-width: 64rem)");
const KEY = "orchestrator.history";
/** What lies under the panel on narrow screens. */
const BEHIND = ["bar", "stage", "ask"];

/** @param {{ open: (thread: string) => void, forget: (thread: string) => void }} actions */
export function createHistoryPanel(actions) {
  const panel = byId("history");
  const opener = byId("history-open");
  const list = createHistoryList({
    ...actions,
    open(thread) {
      actions.open(thread);
      if (!WIDE.matches) hide();
    },
  });

  function show() {
    panel.hidden = false;
    document.body.classList.add("with-history");
    opener.setAttribute("aria-expanded", "true");
    fit();
  }

  function hide() {
    panel.hidden = true;
    document.body.classList.remove("with-history");
    opener.setAttribute("aria-expanded", "false");
    fit();
  }

  /** Over the page nothing under the panel can be reached. */
  function fit() {
    for (const id of BEHIND) byId(id).inert = !panel.hidden && !WIDE.matches;
  }

  /** By the reader: remembered for wide screens, where it stays. @param {boolean} shown */
  function turn(shown) {
    if (WIDE.matches) remember(shown);
    if (shown) {
      show();
      void list.refresh();
      byId("history-title").focus();
    } else {
      hide();
      opener.focus();
    }
  }

  opener.addEventListener("click", () => turn(true));
  byId("history-close").addEventListener("click", () => turn(false));
  byId("history-shade").addEventListener("click", () => turn(false));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") turn(false);
  });
  const settle = () => (WIDE.matches && remembered() ? show() : hide());
  WIDE.addEventListener("change", () => {
    settle();
    if (!panel.hidden) void list.refresh();
  });
  settle();

  return {
    /** Another conversation is open, or this one has a new answer. @param {string} thread */
    changed(thread) {
      list.mark(thread);
      if (!panel.hidden) void list.refresh();
    },
  };
}

function remembered() {
  try {
    return localStorage.getItem(KEY) !== "hidden";
  } catch {
    return true;
  }
}

/** @param {boolean} shown */
function remember(shown) {
  try {
    localStorage.setItem(KEY, shown ? "shown" : "hidden");
  } catch {
    // Without storage the panel opens anew with each visit.
  }
}
