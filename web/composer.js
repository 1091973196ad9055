/** The field where questions are typed: grows with its text, sends on Enter, turns into a stop button while answering. */
import { byId } from "./dom.js";

/** @param {{ ask: (question: string) => void, stop: () => void }} actions */
export function createComposer(actions) {
  /** @type {HTMLTextAreaElement} */
  const field = byId("question");
  const [send, stop] = [byId("send"), byId("stop")];
  let busy = false;

  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    send.toggleAttribute("disabled", field.value.trim() === "");
  };
  const submit = () => {
    const question = field.value.trim();
    if (question === "" || busy) return;
    field.value = "";
    fit();
    actions.ask(question);
  };
  field.addEventListener("input", fit);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  byId("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  stop.addEventListener("click", () => {
    actions.stop();
    field.focus();
  });
  fit();

  return {
    focus: () => field.focus(),
    /** @param {boolean} value */
    setBusy(value) {
      busy = value;
      send.hidden = value;
      stop.hidden = !value;
    },
  };
}
