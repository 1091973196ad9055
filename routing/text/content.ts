/** The words of a text that carry its topic. */
import { ASKING_VERBS, FUNCTION_WORDS, NUMBER_WORDS, RANK_WORDS, TIME_WORDS } from "./vocabulary.ts";
import { wordsOf, type Word } from "./words.ts";

export function contentWords(text: string): Word[] {
  return wordsOf(text).filter((word) => !isEmpty(word.lower));
}

function isEmpty(lower: string): boolean {
  return (
    FUNCTION_WORDS.has(lower) ||
    ASKING_VERBS.has(lower) ||
    TIME_WORDS.has(lower) ||
    RANK_WORDS.has(lower) ||
    Object.hasOwn(NUMBER_WORDS, lower) ||
    /^\d+$/.test(lower)
  );
}
