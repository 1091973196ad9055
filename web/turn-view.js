/** One turn on the page: the question, the plan, the answer. */
import { createAnswerView } from "./answer-view.js";
import { element } from "./dom.js";
import { createPlanView } from "./plan-view.js";

/**
 * @param {import("./turn.js").Turn} turn
 * @param {import("./answer-view.js").Actions} actions
 */
export function createTurnView(turn, actions) {
  const plan = createPlanView();
  const answer = createAnswerView(actions);
  const thinking = element("p", { class: "thinking" }, element("span", { class: "spinner" }), "Planning");
  const root = element(
    "li",
    { class: "turn" },
    element("h2", { class: "asked-question" }, turn.question),
    plan.root,
    thinking,
    answer.root,
  );
  let collapsed = false;
  const update = () => {
    plan.update(turn);
    answer.update(turn);
    thinking.hidden = turn.status !== "running" || turn.text !== "" || turn.steps.length > 0;
    if (!collapsed && turn.status !== "running") {
      collapsed = true;
      if (turn.status === "done") plan.collapse();
    }
  };
  update();
  return { root, update };
}
