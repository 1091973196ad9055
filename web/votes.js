/** Thumbs for a finished answer, and the way to its trace. */
import { element, icon } from "./dom.js";

/**
 * @typedef {import("./turn.js").Turn} Turn
 * @typedef {import("./answer-view.js").Actions} Actions
 */

const THUMB = "M7 11v9H4v-9zM7 11l4-8a2.5 2.5 0 0 1 2.5 2.5V9H19a2 2 0 0 1 2 2.3l-1.2 7A2 2 0 0 1 17.8 20H7";

/** Nothing for a turn that the server does not know. @param {Turn} turn @param {Actions} actions @returns {Node[]} */
export function votes(turn, actions) {
  if (turn.response === null || turn.status !== "done") return [];
  const trace = element(
    "a",
    {
      class: "trace",
      href: `trace.html?id=${encodeURIComponent(turn.response)}`,
      target: "_blank",
      rel: "noopener",
    },
    "Trace",
  );
  const buttons = [thumb(turn, true, "A good answer"), thumb(turn, false, "Not a good answer")];
  const show = () => {
    for (const { button, value } of buttons) button.setAttribute("aria-pressed", String(turn.vote === value));
  };
  for (const { button, value } of buttons)
    button.addEventListener("click", () => void actions.vote(turn, value).then(show));
  show();
  return [...buttons.map(({ button }) => button), trace];
}

/** @param {Turn} turn @param {boolean} value @param {string} label */
function thumb(turn, value, label) {
  const button = element(
    "button",
    { class: value ? "icon vote" : "icon vote down", type: "button", "aria-label": label, title: label },
    icon(THUMB),
  );
  return { button, value };
}
