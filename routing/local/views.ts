/** Recognises what sounds like an order and only changes what is shown: "add their region", "set it to Q3". */
import { contentWords } from "../text/content.ts";

const SHOWN =
  "(?:lists?|short ?lists?|tables?|columns?|charts?|graphs?|overviews?|summar(?:y|ies)|breakdowns?|rankings?|figures|numbers|scores?|forecasts?|euros?|dollars?|percent(?:ages)?)";
const POINTER = `(?:it|that|this|them|those|these|the (?:\\p{L}+ )?${SHOWN})`;

const VIEWS = [
  "(?:tell|ask) (?:\\S+ ){1,4}?(?:whether|if|which|what|who|whom|how|why|when|where|between)",
  "(?:re)?order (?:\\S+ ){1,6}?by",
  // Without a place that it is put into, it is put into the answer.
  `add(?! .*\\bto (?!${POINTER}(?!\\p{L})))`,
  `(?:send|share|deliver|issue|post|submit|print|record) (?:the|an?|all) (?:\\S+ ){0,3}?${SHOWN}(?! .*\\bto (?!me\\b|us\\b))`,
].map((source) => new RegExp(`^(?:${source})(?![\\p{L}\\p{N}])`, "iu"));

const ADJUSTED = new RegExp(
  `^(?:change|set|switch|extend|update|adjust|convert|turn) ${POINTER} (?:to|for|into|by|from|over)(?![\\p{L}\\p{N}])`,
  "iu",
);
const OF_ANSWERS = new RegExp(`^${SHOWN}$`, "iu");

/** `order`: begins with its verb. */
export function changesView(order: string): boolean {
  const said = order
    .slice(0, MOST)
    .replaceAll(/\s+/g, " ")
    .split(/[.?!;]/)[0]!;
  if (VIEWS.some((pattern) => pattern.test(said))) return true;
  const adjusted = ADJUSTED.exec(said);
  if (adjusted === null) return false;
  // Times, numbers and forms of an answer; `set it to paid` changes the thing itself.
  return contentWords(said.slice(adjusted[0].length)).every(
    ({ text, lower }) => OF_ANSWERS.test(lower) || /^\p{Lu}+$/u.test(text),
  );
}

/** An order is told in so many characters. */
const MOST = 300;
