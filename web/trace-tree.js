/** The spans of a trace as a tree with time bars; each opens to show what it recorded. */
import { bar } from "./bar.js";
import { element, icon } from "./dom.js";
import { backendLabel, durationLabel } from "./labels.js";
import { numberOf, textOf } from "./span.js";
import { spanFacts } from "./span-facts.js";

/**
 * @typedef {import("./span.js").Span} Span
 * @typedef {{ begin: number, total: number, children: Map<string | null, Span[]> }} Tree
 */

const DEEPEST = 6;

/** @param {Span[]} spans */
export function spanTree(spans) {
  if (spans.length === 0) return element("p", { class: "quiet-text" }, "Nothing was recorded.");
  const begin = Math.min(...spans.map((span) => span.started_at));
  const end = Math.max(...spans.map((span) => span.started_at + span.duration_ms));
  const tree = { begin, total: Math.max(end - begin, 0.001), children: byParent(spans) };
  return element(
    "div",
    { class: "spans" },
    element(
      "p",
      { class: "scale", "aria-hidden": "true" },
      element("span", {}, "0"),
      element("span", {}, durationLabel(tree.total)),
    ),
    listView(tree, null, 0),
  );
}

/** By start; a span whose parent is not here counts as a root. @param {Span[]} spans */
function byParent(spans) {
  const known = new Set(spans.map((span) => span.span_id));
  /** @type {Map<string | null, Span[]>} */
  const children = new Map();
  for (const span of [...spans].sort((a, b) => a.started_at - b.started_at)) {
    const parent = span.parent_id !== null && known.has(span.parent_id) ? span.parent_id : null;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  return children;
}

/** @param {Tree} tree @param {string | null} parent @param {number} depth @returns {HTMLElement} */
function listView(tree, parent, depth) {
  const items = (tree.children.get(parent) ?? []).map((span) => spanView(tree, span, depth));
  return element("ul", { class: "span-list" }, ...items);
}

/** The single calls of a backend are closed at first. @param {Tree} tree @param {Span} span @param {number} depth */
function spanView(tree, span, depth) {
  const inside = tree.children.has(span.span_id) ? listView(tree, span.span_id, depth + 1) : null;
  const facts = element("div", { class: "span-facts", hidden: true });
  const row = element(
    "button",
    { class: failed(span) ? "span-row bad" : "span-row", type: "button", "aria-expanded": "false" },
    element("span", { class: "span-name" }, span.name),
    element("span", { class: "span-said" }, saidOf(span)),
    element(
      "span",
      { class: "span-bar" },
      bar((span.started_at - tree.begin) / tree.total, span.duration_ms / tree.total, kindOf(span)),
    ),
    element("span", { class: "span-time" }, durationLabel(span.duration_ms)),
  );
  row.addEventListener("click", () => {
    if (facts.childElementCount === 0) facts.append(...spanFacts(span));
    facts.hidden = !facts.hidden;
    row.setAttribute("aria-expanded", String(!facts.hidden));
  });
  const line = element(
    "div",
    { class: `span-line depth-${Math.min(depth, DEEPEST)}` },
    inside === null ? element("span", { class: "caret" }) : caret(span, inside),
    row,
  );
  return element("li", {}, line, facts, inside);
}

/** @param {Span} span @param {HTMLElement} inside */
function caret(span, inside) {
  const button = element(
    "button",
    { class: "caret", type: "button", "aria-label": `What is inside ${span.name}` },
    icon("M9 6l6 6-6 6"),
  );
  const show = (/** @type {boolean} */ shown) => {
    inside.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
  };
  button.addEventListener("click", () => show(inside.hidden === true));
  show(!span.name.startsWith("execute_tool"));
  return button;
}

/** What came of it, in a few words. @param {Span} span */
function saidOf(span) {
  const backend = textOf(span, "step.backend");
  const tier = textOf(span, "router.tier");
  const http = numberOf(span, "http.response.status_code");
  const attempts = numberOf(span, "backend.attempts");
  const composer = textOf(span, "answer.composer");
  const doubted = numberOf(span, "verify.numbers_failed");
  return [
    backend === null ? "" : backendLabel(backend),
    textOf(span, "step.status") ?? (failed(span) ? "failed" : ""),
    textOf(span, "error.type") ?? "",
    span.name === "classify" && tier !== null ? `tier ${tier}` : "",
    http === null || span.kind !== "client" ? "" : String(http),
    attempts === null ? "" : attempts === 1 ? "1 call" : `${attempts} calls`,
    composer === "model" ? "by the model" : composer === "extractive" ? "by the composer" : "",
    doubted ? `${doubted} not confirmed` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** @param {Span} span */
function kindOf(span) {
  const { name, kind } = span;
  if (failed(span)) return "failed";
  if (kind === "client") return "call";
  if (/^(step|execute_tool|retrieval)/.test(name)) return "backend";
  if (/^(synthesize|verify|chat)/.test(name)) return "writing";
  return /^(classify|plan|dispatch|approve|clarify)/.test(name) ? "routing" : "whole";
}

/** A step that failed is a finding, not an error of its node. @param {Span} span */
function failed(span) {
  return span.status === "error" || textOf(span, "error.type") !== null;
}
