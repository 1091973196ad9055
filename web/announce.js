/** Tells screen readers what happened. */
import { byId } from "./dom.js";

/** @param {string} words */
export function announce(words) {
  byId("status").textContent = words;
}
