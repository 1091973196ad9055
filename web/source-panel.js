/** Shows the evidence behind a citation: the statement and its rows, or the passage. */
import { getEvidence } from "./api.js";
import { byId, element } from "./dom.js";
import { backendLabel, counted } from "./labels.js";
import { isWebAddress } from "./markdown-inline.js";
import { rowsView } from "./rows-view.js";

/** @typedef {import("./turn.js").Turn} Turn */

const SHOWN_ROWS = 200;

export function createSourcePanel() {
  const panel = byId("sources");
  const title = byId("sources-title");
  const body = byId("sources-body");
  /** @type {HTMLElement | null} */
  let opener = null;
  let shown = 0;

  const close = () => {
    panel.hidden = true;
    document.body.classList.remove("with-sources");
    shown += 1;
    opener?.focus();
    opener = null;
  };
  byId("sources-close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
  });

  /** @param {Turn} turn @param {number} n @param {HTMLElement} from */
  async function open(turn, n, from) {
    const citation = turn.citations.find((known) => known.n === n);
    if (citation === undefined) return;
    opener = from;
    shown += 1;
    const showing = shown;
    const reference = turn.steps.flatMap((step) => step.evidence).find(({ id }) => id === citation.evidence);
    title.textContent = `Source ${n}`;
    const step = turn.steps.find(({ id }) => id === citation.step);
    const about = element(
      "div",
      { class: "source-about" },
      element("h3", {}, citation.title),
      element("p", {}, backendLabel(citation.backend)),
      asked(step?.question),
      link(citation.url),
    );
    const kept = turn.evidence[citation.evidence];
    body.replaceChildren(about, kept ? evidenceView(kept) : previewView(reference));
    panel.hidden = false;
    document.body.classList.add("with-sources");
    title.focus();
    if (kept || turn.response === null) return;
    const whole = await getEvidence(turn.response, citation.evidence);
    if (whole === null) return;
    turn.evidence[citation.evidence] = whole;
    if (showing === shown) body.replaceChildren(about, evidenceView(whole));
  }
  return { open, close };
}

/** @param {string | undefined} question */
function asked(question) {
  return question ? element("p", { class: "asked" }, `Asked: ${question}`) : null;
}

/** @param {string} url */
function link(url) {
  return isWebAddress(url)
    ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, "Open the original")
    : null;
}

/** @param {{ preview: string, kind: string } | undefined} reference */
function previewView(reference) {
  if (reference === undefined)
    return element("p", { class: "quiet-text" }, "The source is no longer available.");
  if (reference.kind !== "table") return element("blockquote", { class: "passage" }, reference.preview);
  const [header = [], ...rows] = reference.preview.split("\n").map((line) => line.split(" | "));
  return rowsView(header, rows);
}

/** @param {any} evidence */
function evidenceView(evidence) {
  if (evidence.kind !== "table") return element("blockquote", { class: "passage" }, evidence.text ?? "");
  const rows = evidence.rows.slice(0, SHOWN_ROWS);
  const more = evidence.row_count > rows.length ? ` of ${evidence.row_count.toLocaleString("en")}` : "";
  return element(
    "div",
    {},
    saysMore(evidence) ? element("p", {}, evidence.description) : null,
    rowsView(
      evidence.columns.map((/** @type {any} */ column) => column.name),
      rows,
    ),
    element("p", { class: "quiet-text" }, `${counted(rows.length, "row", "rows")}${more}`),
    evidence.sql
      ? element(
          "details",
          { class: "sql", open: true },
          element("summary", {}, "Statement"),
          element("pre", { tabindex: 0 }, element("code", {}, evidence.sql)),
        )
      : null,
  );
}

/** The title stands above already. @param {{ title?: string, description?: string | null }} evidence */
function saysMore({ title = "", description }) {
  return Boolean(description) && description?.replace(/\.$/, "") !== title.replace(/\.$/, "");
}
