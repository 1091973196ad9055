/** What a piece of a question is, before it is known which pieces belong together. */
import { documentsIn, intentsIn } from "../intents.ts";
import { contentWords } from "../text/content.ts";
import { properNames } from "../text/names.ts";
import { ASKS, CONTINUES, ORDERS, PREAMBLE } from "./cues.ts";
import type { Fragment } from "./fragments.ts";
import type { Reader, Reading } from "./reader.ts";

export interface Piece {
  fragment: Fragment;
  reading: Reading;
  why: boolean;
}

const CERTAIN = 0.9;

/** `Customers without a sponsor: who are they?` */
export const BARE_WHO = /^(?:and )?who (?:are|is) (?:they|these|those|it|that)\s*[?.!]*$/iu;

/** What comes of an action, and who allows it, belongs to it. */
export function ofPlan({ fragment: { text }, reading: { reference } }: Piece): boolean {
  const points = reference !== null || /\b(?:it|that|this|each)\b/iu.test(text);
  return SAVES.test(text) || (points && NEEDS.test(text) && documentsIn(text) === "none");
}

const NEEDS = /\b(?:approv\p{L}*|sign(?:s|ed)? off|go-ahead)\b/iu;
const SAVES =
  /\b(?:would|could|we'd|can|will|might)\b.{0,20}\b(?:saved?|rescued?|retain(?:ed)?|hold on to|kept)\b/iu;

export function asksToAct({ reading }: Piece): boolean {
  return intentsIn(reading.text).includes("action");
}

const ATTRIBUTE = 3;

/** `Education or Retail?`: whom the question before is about. */
export function isSlice({ reading }: Piece, { slices, nouns }: Reader): boolean {
  const words = contentWords(reading.text);
  return words.length > 0 && words.every(({ stem }) => slices.has(stem) || nouns.stems.has(stem));
}

/** `a plan with costs and owners`: so few words, and nothing counted, belong to what is asked for. */
export function isAttribute({ reading }: Piece): boolean {
  return (
    reading.reference === null &&
    contentWords(reading.text).length <= ATTRIBUTE &&
    !intentsIn(reading.text).some((intent) => intent !== "action") &&
    properNames(reading.text).length === 0
  );
}

export function clausal({ fragment }: Piece): boolean {
  return (
    fragment.asked ||
    ASKS.test(fragment.text) ||
    ORDERS.test(fragment.text) ||
    (fragment.text.endsWith("?") && fragment.joint !== "list")
  );
}

/** `at what price?`: an afterthought. */
export function isTail({ fragment }: Piece): boolean {
  return fragment.text.split(/\s+/).length <= TAIL;
}

const TAIL = 4;

export function continues({ fragment }: Piece): boolean {
  if (fragment.asked || fragment.joint === "sentence" || fragment.joint === "then") return false;
  if (!CONTINUES.test(fragment.text)) return false;
  // `for the riskiest three prepare a plan` only begins like a continuation.
  return !fragment.text
    .split(/\s+/)
    .slice(2, 9)
    .some((word) => ORDERS.test(word) && /^\p{L}+$/u.test(word));
}

export function isTalk({ fragment, reading }: Piece): boolean {
  const told = SCENE.test(fragment.text) && reading.probability < CERTAIN;
  return PREAMBLE.test(fragment.text) && !fragment.asked && (told || !reading.strong);
}

/** Tells what somebody is up to; `I need` asks. */
const SCENE =
  /^(?:i(?:'m| am|'ve got| have (?:an?|my|our)| was| got)|need (?:it|this|that)|for (?:the|my|our|an?|this|next) (?:[\p{L}-]+ ){0,3}(?:meeting|review|call|presentation|board|deck|report|session|workshop)$|we(?:'re| are|'ve got)|my |our \p{L}+ \p{L}+ (?:is|are))\b/iu;
