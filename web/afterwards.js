/** What stands under a finished answer: problems, gaps, sources, facts about it, and what to ask next. */
import { approvalView } from "./approval-view.js";
import { element, icon } from "./dom.js";
import { backendLabel, counted, durationLabel } from "./labels.js";
import { votes } from "./votes.js";

/**
 * @typedef {import("./turn.js").Turn} Turn
 * @typedef {import("./answer-view.js").Actions} Actions
 */

/** @param {Turn} turn @param {Actions} actions */
export function afterwards(turn, actions) {
  return [
    problem(turn, actions),
    approvalView(turn, actions),
    options(turn, actions),
    gaps(turn),
    sourceList(turn, actions),
    footer(turn, actions),
    suggestions(turn, actions),
  ].filter((part) => part !== null);
}

/** @param {Turn} turn @param {Actions} actions */
function problem(turn, actions) {
  if (turn.status === "done") return null;
  const stopped = turn.status === "stopped";
  const words = stopped
    ? (turn.error ?? "Stopped before the answer was complete.")
    : (turn.error ?? "The answer failed.");
  const again = element(
    "button",
    { class: "quiet", type: "button", onclick: () => actions.retry(turn) },
    "Ask again",
  );
  return element(
    "div",
    { class: stopped ? "notice" : "notice bad", role: stopped ? null : "alert" },
    element("p", {}, words),
    again,
  );
}

/** @param {Turn} turn */
function gaps(turn) {
  if (turn.missing.length === 0) return null;
  const items = turn.missing.map(({ backend, reason }) =>
    element("li", {}, element("strong", {}, backendLabel(backend)), ` \u2013 ${reason}`),
  );
  return element(
    "section",
    { class: "notice warn", "aria-label": "What is missing" },
    element("p", {}, "What is missing from this answer"),
    element("ul", {}, ...items),
  );
}

/** @param {Turn} turn @param {Actions} actions */
function sourceList(turn, actions) {
  if (turn.citations.length === 0) return null;
  const items = turn.citations.map((citation) => {
    const open = (/** @type {Event} */ event) =>
      actions.openSource(turn, citation.n, /** @type {HTMLElement} */ (event.currentTarget));
    return element(
      "li",
      {},
      element(
        "button",
        { class: "source", type: "button", onclick: open },
        element("span", { class: "chip plain" }, String(citation.n)),
        element("span", { class: "source-title" }, citation.title),
        element("span", { class: "source-from" }, backendLabel(citation.backend)),
      ),
    );
  });
  return element(
    "section",
    { class: "source-list", "aria-label": "Sources" },
    element("h3", {}, "Sources"),
    element("ul", {}, ...items),
  );
}

/** @param {Turn} turn @param {Actions} actions */
function footer(turn, actions) {
  if (turn.text === "" || turn.approvals.length > 0) return null;
  const by =
    turn.composer === "model"
      ? "Written by a model"
      : turn.composer === "extractive"
        ? "Composed from the sources"
        : "";
  const facts = [
    by,
    turn.fallback ? `the model was not used: ${turn.fallback}` : "",
    turn.duration_ms === null ? "" : durationLabel(turn.duration_ms),
    turn.tokens === null ? "" : counted(turn.tokens, "token", "tokens"),
  ];
  const copy = element(
    "button",
    {
      class: "icon",
      type: "button",
      "aria-label": "Copy the answer",
      onclick: (event) => void copyText(/** @type {HTMLElement} */ (event.currentTarget), turn.text),
    },
    icon("M9 9h10v10H9zM5 15V5h10"),
  );
  return element(
    "p",
    { class: "meta" },
    element("span", {}, facts.filter(Boolean).join(" \u00b7 ")),
    copy,
    ...votes(turn, actions),
  );
}

/** @param {HTMLElement} button @param {string} text */
async function copyText(button, text) {
  const done = await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  if (!done) return;
  button.setAttribute("aria-label", "Copied");
  button.classList.add("done");
  setTimeout(() => {
    button.setAttribute("aria-label", "Copy the answer");
    button.classList.remove("done");
  }, 1_500);
}

/** @param {Turn} turn @param {Actions} actions */
function suggestions(turn, actions) {
  if (turn.suggestions.length === 0 || turn.clarify !== null) return null;
  const items = turn.suggestions
    .slice(0, 5)
    .map((question) =>
      element(
        "li",
        {},
        element(
          "button",
          { class: "suggestion", type: "button", onclick: () => actions.ask(question) },
          question,
        ),
      ),
    );
  return element("ul", { class: "suggestions", "aria-label": "What to ask next" }, ...items);
}

/** The readings of an ambiguous question. @param {Turn} turn @param {Actions} actions */
function options(turn, actions) {
  if (turn.clarify === null || turn.clarify.options.length === 0) return null;
  const items = turn.clarify.options.map((option) =>
    element("li", {}, element("button", { type: "button", onclick: () => actions.ask(option) }, option)),
  );
  return element(
    "section",
    { "aria-label": "What you may mean" },
    element("ul", { class: "examples options" }, ...items),
    element("p", { class: "quiet-text" }, "Choose one, or answer in your own words."),
  );
}
