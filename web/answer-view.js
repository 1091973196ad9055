/** Shows the answer as it streams, with citation chips. */
import { afterwards } from "./afterwards.js";
import { element } from "./dom.js";
import { backendLabel } from "./labels.js";
import { renderMarkdown } from "./markdown-view.js";

/**
 * @typedef {import("./turn.js").Turn} Turn
 * @typedef {{ openSource: (turn: Turn, n: number, from: HTMLElement) => void, ask: (question: string) => void, retry: (turn: Turn) => void,
 *   vote: (turn: Turn, good: boolean) => Promise<void>, decide: (words: string, input: object[]) => void }} Actions
 */

/** @param {Actions} actions */
export function createAnswerView(actions) {
  const text = element("div", { class: "answer" });
  const rest = element("div", { class: "after" });
  const root = element("div", { class: "reply" }, text, rest);
  let drawn = "";
  return {
    root,
    /** @param {Turn} turn */
    update(turn) {
      const state = [turn.status, turn.citations.length, turn.text.length, turn.approvals.length].join();
      if (state === drawn) return;
      drawn = state;
      root.setAttribute("aria-busy", String(turn.status === "running"));
      text.classList.toggle("streaming", turn.status === "running" && turn.text !== "");
      text.replaceChildren(...renderMarkdown(shownText(turn), (n) => chip(turn, n, actions)));
      rest.replaceChildren(...(turn.status === "running" ? [] : afterwards(turn, actions)));
    },
  };
}

/** Options and requests have buttons of their own below it. @param {Turn} turn */
function shownText({ text, clarify, approvals }) {
  if (approvals.length > 0) return "";
  return clarify === null ? text : clarify.question;
}

/** `[n]` becomes a button once it is known what it stands for. @param {Turn} turn @param {number} n @param {Actions} actions */
function chip(turn, n, actions) {
  const citation = turn.citations.find((known) => known.n === n);
  if (citation === undefined) return element("span", { class: "chip plain" }, String(n));
  const title = `${citation.title}, ${backendLabel(citation.backend)}`;
  const open = (/** @type {Event} */ event) =>
    actions.openSource(turn, n, /** @type {HTMLElement} */ (event.currentTarget));
  return element(
    "button",
    { class: "chip", type: "button", title, "aria-label": `Source ${n}: ${title}`, onclick: open },
    String(n),
  );
}
