/** The page of one trace: why the question went where it went, and what took how long. */
import { ApiError, getJson } from "./api.js";
import { byId, element } from "./dom.js";
import { counted, durationLabel } from "./labels.js";
import { numberOf, textOf } from "./span.js";
import { decisionView } from "./trace-decision.js";
import { spanTree } from "./trace-tree.js";

/** @typedef {import("./span.js").Span} Span */

const id = new URLSearchParams(location.search).get("id") ?? "";
const main = byId("main");
try {
  const trace = await getJson(`/traces/${encodeURIComponent(id)}`);
  const raw = byId("raw");
  raw.hidden = false;
  raw.setAttribute("href", `/traces/${encodeURIComponent(id)}`);
  main.replaceChildren(...traceView(trace));
} catch (error) {
  main.replaceChildren(problemView(error));
} finally {
  main.setAttribute("aria-busy", "false");
}

/** @param {any} trace @returns {Node[]} */
function traceView(trace) {
  /** @type {Span[]} */
  const spans = trace.spans ?? [];
  const question = trace.question ?? trace.name ?? "Trace";
  document.title = `Trace: ${question}`;
  return [
    element("h2", { class: "trace-question" }, question),
    element("ul", { class: "trace-facts" }, ...factsOf(trace, spans).map((fact) => element("li", {}, fact))),
    ...spans.filter(({ name }) => name === "classify").map((classify) => decisionView(classify, spans)),
    element(
      "section",
      { "aria-labelledby": "took" },
      element("h3", { id: "took" }, "What took how long"),
      spanTree(spans),
    ),
  ];
}

/** @param {any} trace @param {Span[]} spans */
function factsOf(trace, spans) {
  const turn = spans.find(({ name }) => name.startsWith("invoke_workflow"));
  const verify = spans.findLast(({ name }) => name === "verify");
  const status = turn && textOf(turn, "orchestrator.status");
  const checked = verify && numberOf(verify, "verify.numbers");
  const doubted = (verify && numberOf(verify, "verify.numbers_failed")) ?? 0;
  return [
    status ?? (trace.status === "error" ? "failed" : ""),
    trace.duration_ms === null ? "under way" : durationLabel(trace.duration_ms),
    new Date(trace.started_at).toLocaleString("en", { dateStyle: "medium", timeStyle: "medium" }),
    ...(turn === undefined ? [] : costOf(turn)),
    checked ? `${counted(checked, "number", "numbers")} checked, ${doubted} not confirmed` : "",
    turn === undefined ? "" : versionOf(turn),
    trace.trace_id,
  ].filter((fact) => fact !== "" && fact !== null && fact !== undefined);
}

/** @param {Span} turn */
function costOf(turn) {
  const [input, output] = ["input", "output"].map((way) => numberOf(turn, `gen_ai.usage.${way}_tokens`));
  const usd = numberOf(turn, "cost.usd");
  return [
    input === null && output === null ? "" : `${input ?? 0} tokens in, ${output ?? 0} out`,
    usd === null ? "" : `${usd.toFixed(6)} USD`,
  ];
}

/** @param {Span} turn */
function versionOf(turn) {
  const version = textOf(turn, "service.version");
  const commit = textOf(turn, "vcs.ref.head.revision")?.slice(0, 7);
  return version === null ? "" : `version ${version}${commit ? ` (${commit})` : ""}`;
}

/** @param {unknown} error */
function problemView(error) {
  const gone = error instanceof ApiError && error.status === 404;
  const words = gone
    ? "There is no such trace. It was removed with its conversation or by age, or traces are not kept here (`tracing.local`)."
    : error instanceof ApiError
      ? error.message
      : "The trace could not be shown.";
  return element("p", { class: "notice bad", role: "alert" }, words);
}
