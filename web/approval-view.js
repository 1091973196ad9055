/** What waits for a person's word: who would be asked what, with the buttons to allow or refuse it. */
import { element } from "./dom.js";
import { backendLabel, counted } from "./labels.js";

/**
 * @typedef {import("./turn.js").Turn} Turn
 * @typedef {import("./turn.js").Approval} Approval
 * @typedef {import("./answer-view.js").Actions} Actions
 */

/** The words go out together, once each request has one. @param {Turn} turn @param {Actions} actions */
export function approvalView(turn, actions) {
  if (turn.approvals.length === 0) return null;
  /** @type {Map<string, boolean>} */
  const words = new Map();
  const decide = (/** @type {Approval} */ request, /** @type {boolean} */ approve) => {
    words.set(request.id, approve);
    if (words.size === turn.approvals.length) actions.decide(sentence(turn, words), items(words));
  };
  return element(
    "section",
    { class: "approvals", "aria-label": "Approval needed" },
    element("h3", {}, "Your approval is needed"),
    ...turn.approvals.map((request) => requestView(request, decide)),
  );
}

/** @param {Approval} request @param {(request: Approval, approve: boolean) => void} decide */
function requestView(request, decide) {
  const { backend, reason, payload } = request;
  const buttons = [true, false].map((approve) => {
    const label = approve ? "Approve" : "Refuse";
    const button = element(
      "button",
      {
        class: approve ? "primary" : "quiet",
        type: "button",
        "aria-label": `${label}: ${backendLabel(backend)}`,
      },
      label,
    );
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      decide(request, approve);
    });
    return button;
  });
  return element(
    "div",
    { class: "approval" },
    element("p", { class: "approval-who" }, backendLabel(backend)),
    element("p", { class: "approval-why" }, reason.replace(backend, backendLabel(backend))),
    element("blockquote", { class: "passage" }, payload.question),
    contextView(payload.context ?? []),
    element("div", { class: "approval-words" }, ...buttons),
  );
}

/** What goes along of earlier steps. @param {Approval["payload"]["context"]} context */
function contextView(context) {
  if (context.length === 0) return null;
  return element(
    "details",
    { class: "sql" },
    element("summary", {}, `Goes along: ${counted(context.length, "earlier result", "earlier results")}`),
    element("pre", { tabindex: 0 }, context.map(({ step, text }) => `${step}: ${text}`).join("\n\n")),
  );
}

/** How the decision stands in the conversation. @param {Turn} turn @param {Map<string, boolean>} words */
function sentence(turn, words) {
  const said = turn.approvals.map(
    ({ id, backend }) => `${words.get(id) ? "Approved" : "Refused"}: ${backendLabel(backend)}`,
  );
  return said.join(", ");
}

/** As the Responses API takes them. @param {Map<string, boolean>} words */
function items(words) {
  return [...words].map(([id, approve]) => ({
    type: "mcp_approval_response",
    approval_request_id: id,
    approve,
  }));
}
