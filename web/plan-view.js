/** Shows the plan and each of its steps as they run. */
import { element, icon } from "./dom.js";
import { backendLabel, counted, durationLabel } from "./labels.js";
import { waves } from "./waves.js";

/** @typedef {import("./turn.js").Step} Step */

const STATUS = {
  waiting: { label: "waiting", path: "M12 12h.01" },
  running: { label: "running", path: "" },
  ok: { label: "done", path: "M5 12.5l4.5 4.5L19 7.5" },
  failed: { label: "failed", path: "M7 7l10 10M17 7L7 17" },
  skipped: { label: "skipped", path: "M6 12h12" },
  clarify: { label: "asks back", path: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5h.01" },
};

/** Draws itself anew on every change; what the reader opened stays open. */
export function createPlanView() {
  /** @type {Set<string>} */
  const open = new Set();
  const body = element("div", { class: "plan-body" });
  const summary = element("summary");
  const root = element("details", { class: "plan", open: true, hidden: true }, summary, body);
  let drawn = "";
  return {
    root,
    /** @param {import("./turn.js").Turn} turn */
    update(turn) {
      const state = JSON.stringify([turn.steps, turn.decision, turn.notes, turn.status]);
      if (state === drawn) return;
      drawn = state;
      root.hidden = turn.steps.length === 0 && turn.notes.length === 0;
      summary.replaceChildren(...summaryOf(turn));
      const groups = waves(turn.steps);
      body.replaceChildren(
        ...(groups.length > 0 ? groups.map((steps) => waveView(steps, open)) : [notesView(turn.notes)]),
      );
    },
    collapse: () => root.removeAttribute("open"),
  };
}

/** @param {import("./turn.js").Turn} turn */
function summaryOf({ steps, status }) {
  const finished = steps.filter((step) => step.status !== "waiting" && step.status !== "running").length;
  const running = steps.filter((step) => step.status === "running").map((step) => backendLabel(step.backend));
  const title = steps.length === 0 ? "How it was answered" : counted(steps.length, "step", "steps");
  const done = steps.length > 0 && status === "running" ? `${finished} of ${steps.length} done` : "";
  const now = status === "running" && running.length > 0 ? `asking ${running.join(" and ")}` : done;
  return [element("span", { class: "plan-title" }, title), element("span", { class: "plan-now" }, now)];
}

/** @param {Step[]} steps @param {Set<string>} open */
function waveView(steps, open) {
  const list = element("ol", { class: "wave" }, ...steps.map((step) => stepView(step, open)));
  if (steps.length === 1) return list;
  return element(
    "div",
    { class: "together" },
    element("p", { class: "together-label" }, "In parallel"),
    list,
  );
}

/** @param {Step} step @param {Set<string>} open */
function stepView(step, open) {
  const { label, path } = STATUS[step.status] ?? STATUS.waiting;
  const mark = element(
    "span",
    { class: `mark ${step.status}` },
    path === "" ? element("span", { class: "spinner" }) : icon(path),
  );
  const time = step.duration_ms === null ? "" : durationLabel(step.duration_ms);
  const head = element(
    "summary",
    {},
    mark,
    element(
      "span",
      { class: "step-name" },
      backendLabel(step.backend),
      element("span", { class: "hidden" }, `, ${label}`),
    ),
    element("span", { class: "step-question" }, plainQuestion(step.question)),
    element("span", { class: "step-time" }, step.status === "running" ? step.progress : time),
  );
  const details = element(
    "details",
    {
      class: "step",
      open: open.has(step.id),
      ontoggle: () => void (details.hasAttribute("open") ? open.add(step.id) : open.delete(step.id)),
    },
    head,
    element("div", { class: "step-body" }, ...factsOf(step)),
  );
  return element("li", { "data-status": step.status }, details);
}

/** References to earlier steps are for machines. @param {string} question */
function plainQuestion(question) {
  return question.replaceAll(
    /\{\{\s*(s\d+)\.(\w+)\s*\}\}/g,
    (_, step, name) => `\u2039${name.replaceAll("_", " ")} of ${step}\u203a`,
  );
}

/** @param {Step} step */
function factsOf(step) {
  const facts = [
    ["Question", plainQuestion(step.question)],
    ["Why this one", step.why],
    ["Needs", step.depends_on.join(", ")],
    ["Confidence", step.confidence === null ? "" : `${Math.round(step.confidence * 100)} %`],
    ["Found", step.evidence.map(({ title }) => title).join(", ")],
    ["Problem", step.error?.message ?? ""],
  ];
  const shown = facts.filter(([, value]) => value !== "");
  return [
    element(
      "dl",
      {},
      ...shown.flatMap(([name = "", value = ""]) => [element("dt", {}, name), element("dd", {}, value)]),
    ),
  ];
}

/** Without our own events the plain progress sentences are shown. @param {string[]} notes */
function notesView(notes) {
  return element("ol", { class: "notes" }, ...notes.map((note) => element("li", {}, note)));
}
