/** Fills the start of the page: the agent's name, its backends, example questions, whether they are ready. */
import { ApiError, getJson } from "./api.js";
import { byId, element } from "./dom.js";
import { backendLabel, counted, kindLabel } from "./labels.js";

const EXAMPLES = 4;

/** @param {(question: string) => void} ask */
export async function fillWelcome(ask) {
  const [info, backends] = await Promise.all([quietly("/agent/info"), quietly("/backends")]);
  if (info?.name) {
    byId("name").textContent = backendLabel(info.name);
    document.title = backendLabel(info.name);
  }
  byId("lead").textContent = info?.description ?? "";
  /** @type {any[]} */
  const known = backends?.data ?? [];
  byId("examples").replaceChildren(...examplesOf(info, known).map((question) => exampleView(question, ask)));
  byId("backends").replaceChildren(...known.map(backendView));
  await showHealth();
}

/** Says how many backends could be asked now. */
async function showHealth() {
  const ready = await readiness();
  const states = Object.values(ready?.backends ?? {});
  if (states.length === 0) return;
  const up = states.filter((/** @type {any} */ state) => state?.ready).length;
  const health = byId("health");
  health.hidden = false;
  health.dataset.state = up === states.length ? "ok" : up > 0 ? "some" : "none";
  health.textContent =
    up === states.length
      ? `${counted(up, "source", "sources")} ready`
      : `${up} of ${counted(states.length, "source", "sources")} ready`;
}

/** 503 when no backend could be asked: its body says so all the same. */
async function readiness() {
  try {
    return await getJson("/ready");
  } catch (error) {
    if (error instanceof ApiError) return error.body;
    throw error;
  }
}

/** What the agent itself suggests, else one example of each backend in turn. @param {any} info @param {any[]} backends @returns {string[]} */
function examplesOf(info, backends) {
  if (Array.isArray(info?.examples) && info.examples.length > 0) return info.examples.slice(0, EXAMPLES);
  return backends.flatMap(({ examples }) => examples?.[0] ?? []).slice(0, EXAMPLES);
}

/** @param {string} question @param {(question: string) => void} ask */
function exampleView(question, ask) {
  return element("li", {}, element("button", { type: "button", onclick: () => ask(question) }, question));
}

/** @param {any} backend */
function backendView({ name, kind, description }) {
  return element(
    "li",
    {},
    element("h3", {}, backendLabel(name), element("span", {}, kindLabel(kind))),
    element("p", {}, description ?? ""),
  );
}

/** The page works without these. @param {string} path */
async function quietly(path) {
  try {
    return await getJson(path);
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}
