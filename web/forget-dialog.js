/** Asks before a conversation is deleted, deletes it, and says why when it could not be. */
import { ApiError, deleteThread } from "./api.js";
import { byId } from "./dom.js";

/** @param {{ forgotten: (thread: string) => void }} actions */
export function createForgetDialog(actions) {
  /** @type {HTMLDialogElement} */
  const dialog = byId("forget");
  const problem = byId("forget-problem");
  const confirm = byId("forget-confirm");
  /** @type {string | null} */
  let thread = null;

  async function forget() {
    if (thread === null) return;
    confirm.toggleAttribute("disabled", true);
    try {
      await deleteThread(thread);
      dialog.close();
      actions.forgotten(thread);
    } catch (error) {
      problem.hidden = false;
      problem.textContent =
        error instanceof ApiError ? error.message : "The conversation could not be deleted.";
    } finally {
      confirm.toggleAttribute("disabled", false);
    }
  }

  confirm.addEventListener("click", () => void forget());
  byId("forget-keep").addEventListener("click", () => dialog.close());

  return {
    /** @param {{ id: string, title: string }} listed */
    ask({ id, title }) {
      thread = id;
      problem.hidden = true;
      byId("forget-name").textContent = title;
      dialog.showModal();
    },
  };
}
