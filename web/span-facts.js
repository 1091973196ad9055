/** Everything that a span recorded: what went in, what came out, then its attributes. */
import { element } from "./dom.js";

const INPUT = "mlflow.spanInputs";
const OUTPUT = "mlflow.spanOutputs";

/** @param {import("./span.js").Span} span @returns {Node[]} */
export function spanFacts({ attributes }) {
  const rest = Object.entries(attributes)
    .filter(([name]) => name !== INPUT && name !== OUTPUT)
    .sort(([a], [b]) => a.localeCompare(b));
  return [
    ...content("In", attributes[INPUT]),
    ...content("Out", attributes[OUTPUT]),
    element(
      "dl",
      {},
      ...rest.flatMap(([name, value]) => [
        element("dt", {}, name),
        element("dd", {}, typeof value === "object" ? JSON.stringify(value) : String(value)),
      ]),
    ),
  ];
}

/** @param {string} label @param {unknown} value @returns {Node[]} */
function content(label, value) {
  if (typeof value !== "string" || value === "") return [];
  return [element("h4", {}, label), element("pre", { tabindex: 0 }, element("code", {}, pretty(value)))];
}

/** @param {string} text */
function pretty(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "string" ? value : JSON.stringify(value, null, 2);
  } catch {
    return text;
  }
}
