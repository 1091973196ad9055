/** Reads slips of the keyboard as the word that is meant: `chrun` as `churn`, `waht` as `what`. */
import { isOneSlip } from "./akin.ts";
import { isEnglish } from "./english.ts";
import { ASKING_VERBS, FUNCTION_WORDS, TIME_WORDS } from "./vocabulary.ts";
import { stem, wordsOf, type Word } from "./words.ts";

export type Respell = (text: string) => string;

/** The text with slips mended; `words`: lower-case words that the backends use, and how often. */
export function createRespell(words: ReadonlyMap<string, number>): Respell {
  const ordered = [...words]
    .sort((a, b) => b[1] - a[1])
    .map(([word]) => word)
    .filter((word) => /^\p{L}+$/u.test(word));
  const meant = [...ordered, ...FUNCTION_WORDS, ...ASKING_VERBS, ...TIME_WORDS];
  const known = new Set([...meant, ...meant.map(stem)]);
  // Decided on first use, as the dictionary is read then.
  let speakEnglish: boolean | null = null;
  return (text) => {
    speakEnglish ??= isMostly(ordered, isEnglish);
    if (!speakEnglish) return text;
    let mended = text;
    // Mended words less strange ones: where these outnumber those, the text is in another language.
    let balance = 0;
    for (const word of wordsOf(text).toReversed()) {
      if (!mayBeSlip(word, text) || known.has(word.lower) || known.has(word.stem)) continue;
      if (isEnglish(word.lower)) continue;
      const right = meant.find((other) => isSlipOf(word.lower, other));
      balance += right === undefined ? -1 : 1;
      if (right !== undefined)
        mended = mended.slice(0, word.start) + inCaseOf(word.text, right) + mended.slice(word.end);
    }
    return balance < 0 ? text : mended;
  };
}

/** In other languages a word that no dictionary here holds is no slip: `menor` is not `mejor`. */
function isMostly(words: readonly string[], test: (word: string) => boolean): boolean {
  return words.filter(test).length * 2 >= words.length;
}

/** Names and abbreviations are written with capitals; whoever writes everything in capitals is not corrected. */
function mayBeSlip(word: Word, text: string): boolean {
  const first = /(?:^|[.?!]\s*)$/.test(text.slice(0, word.start));
  return (first ? /^\p{L}\p{Ll}{2,}$/u : /^\p{Ll}{3,}$/u).test(word.text);
}

/** Short words differ from too many others in one letter: there only letters in the wrong order or number count. */
const SHORT = 4;

function isSlipOf(written: string, meant: string): boolean {
  if (written[0] !== meant[0] || Math.abs(written.length - meant.length) > 1 || meant.length < 3)
    return false;
  if (Math.min(written.length, meant.length) <= SHORT && lettersOf(written) !== lettersOf(meant))
    return false;
  return written.length <= meant.length ? isOneSlip(written, meant) : isOneSlip(meant, written);
}

function lettersOf(word: string): string {
  return [...new Set(word)].sort().join("");
}

function inCaseOf(written: string, right: string): string {
  return /^\p{Lu}/u.test(written) ? right.charAt(0).toUpperCase() + right.slice(1) : right;
}
