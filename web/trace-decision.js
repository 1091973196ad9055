/** The routing decision of a trace: who decided, how sure, what for each step was taken and what was not. */
import { bar } from "./bar.js";
import { element } from "./dom.js";
import { backendLabel } from "./labels.js";
import { jsonOf, listOf, numberOf, textOf } from "./span.js";

/**
 * @typedef {import("./span.js").Span} Span
 * @typedef {{ backend: string, probability: number | null, reason: string }} Rejected
 */

const TIERS = {
  given: "a plan that the request brought along",
  rules: "a rule of the operator",
  local: "the local classifier",
  small: "the small model",
  large: "the planning model",
  fallback: "the fallback, because nothing else could decide",
};

const KINDS = {
  direct: "It was answered without a backend.",
  clarify: "The question was ambiguous, so it was asked back.",
  refuse: "No backend here can answer it.",
};

/** @param {Span} classify @param {Span[]} spans */
export function decisionView(classify, spans) {
  const kind = textOf(classify, "router.kind") ?? "";
  const fallback = textOf(classify, "router.fallback");
  return element(
    "section",
    { class: "decision", "aria-label": "The routing decision" },
    element("h3", {}, "Where it went, and why"),
    element("p", {}, decidedBy(classify)),
    paragraph(/** @type {Record<string, string>} */ (KINDS)[kind]),
    paragraph(textOf(classify, "router.reason")),
    fallback === null ? null : paragraph(`A higher tier did not decide: ${fallback}`),
    probabilitiesView(classify),
    stepsView(classify, spans),
  );
}

/** @param {string | null | undefined} text */
function paragraph(text) {
  return text ? element("p", {}, text) : null;
}

/** @param {Span} classify */
function decidedBy(classify) {
  const tier = textOf(classify, "router.tier") ?? "";
  const confidence = numberOf(classify, "router.confidence");
  const threshold = numberOf(classify, "router.threshold");
  const sure = confidence === null ? "" : `, ${share(confidence)} sure`;
  const needed = threshold === null ? "" : ` (it may decide alone from ${share(threshold)})`;
  return `Decided by ${/** @type {Record<string, string>} */ (TIERS)[tier] ?? tier}${sure}${needed}.`;
}

/** @param {Span} classify */
function probabilitiesView(classify) {
  const entries = Object.entries(jsonOf(classify, "router.probabilities") ?? {});
  if (entries.length === 0) return null;
  const taken = listOf(classify, "router.backends");
  const rows = entries
    .map(([name, value]) => ({ name, value: Number(value) }))
    .sort((a, b) => b.value - a.value)
    .map(({ name, value }) =>
      element(
        "tr",
        {},
        element(
          "th",
          { scope: "row" },
          name === "other" ? "Something else" : backendLabel(name),
          taken.includes(name) ? element("span", { class: "tag" }, "asked") : null,
        ),
        element("td", { class: "wide" }, bar(0, value, taken.includes(name) ? "backend" : "call")),
        element("td", { class: "right" }, share(value)),
      ),
    );
  return element(
    "table",
    { class: "probabilities" },
    element("caption", {}, "Probability for the whole question"),
    element("tbody", {}, ...rows),
  );
}

/** @param {Span} classify @param {Span[]} spans */
function stepsView(classify, spans) {
  const plan = jsonOf(classify, "mlflow.spanOutputs");
  /** @type {Map<string, Rejected[]>} */
  const rejected = new Map(
    (jsonOf(classify, "router.rejected") ?? []).map((/** @type {any} */ entry) => [
      entry.step,
      entry.rejected,
    ]),
  );
  const steps = plan?.steps ?? spans.filter(({ name }) => name.startsWith("step ")).map(plannedBy);
  if (steps.length === 0) return null;
  return element(
    "ol",
    { class: "trace-steps" },
    ...steps.map((/** @type {any} */ step) => stepView(step, rejected.get(step.id) ?? step.rejected ?? [])),
  );
}

/** Where the plan itself was not recorded. @param {Span} span */
function plannedBy(span) {
  const question = jsonOf(span, "mlflow.spanInputs")?.question ?? "";
  return { id: textOf(span, "step.id"), backend: textOf(span, "step.backend") ?? "", question };
}

/** @param {{ id: string, backend: string, question: string, why?: string, confidence?: number, depends_on?: string[] }} step @param {Rejected[]} rejected */
function stepView({ id, backend, question, why, confidence, depends_on = [] }, rejected) {
  const after = depends_on.length === 0 ? "" : `after ${depends_on.join(" and ")}`;
  const sure = confidence === undefined ? "" : `${share(confidence)} sure`;
  return element(
    "li",
    {},
    element(
      "p",
      { class: "trace-step" },
      element("span", { class: "tag" }, id),
      element("strong", {}, backendLabel(backend)),
      element("span", { class: "quiet-text" }, [sure, after].filter(Boolean).join(", ")),
    ),
    element("p", { class: "passage" }, question),
    why ? element("p", { class: "quiet-text" }, why) : null,
    rejected.length === 0 ? null : element("p", { class: "not-taken" }, "Not taken:"),
    element("ul", {}, ...rejected.map(rejectedView)),
  );
}

/** @param {Rejected} rejected */
function rejectedView({ backend, probability, reason }) {
  const chance = probability === null || probability === undefined ? "" : ` (${share(probability)})`;
  return element("li", {}, `${backendLabel(backend)}${chance}: ${reason}`);
}

/** @param {number} value 0 to 1 */
function share(value) {
  const percent = value * 100;
  const fine = percent < 10 || percent > 99;
  return `${fine ? Number(percent.toFixed(1)) : Math.round(percent)} %`;
}
