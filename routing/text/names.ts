/** Proper names in a text, by their capitals. */
import { ASKING_VERBS, FUNCTION_WORDS, TIME_WORDS } from "./vocabulary.ts";
import { wordsOf, type Word } from "./words.ts";

/** Proper names: capitalised words in a row; a single one counts inside a sentence only. */
export function properNames(text: string): string[] {
  const found: string[] = [];
  let run: Word[] = [];
  const flush = (): void => {
    const first = run[0];
    if (first !== undefined && (run.length > 1 || !beginsSentence(text, first.start)))
      found.push(text.slice(first.start, run.at(-1)!.end));
    run = [];
  };
  for (const word of wordsOf(text)) {
    const last = run.at(-1);
    if (last !== undefined && !/^[\s&]+$/.test(text.slice(last.end, word.start))) flush();
    if (!/^\p{Lu}[\p{Ll}'’]+/u.test(word.text)) flush();
    else if (run.length > 0 || !(beginsSentence(text, word.start) && isOrdinary(word.lower))) run.push(word);
  }
  flush();
  return found;
}

function beginsSentence(text: string, start: number): boolean {
  return /(?:^|[.?!:;]\s*|\n\s*)$/.test(text.slice(0, start));
}

function isOrdinary(lower: string): boolean {
  return FUNCTION_WORDS.has(lower) || ASKING_VERBS.has(lower) || TIME_WORDS.has(lower);
}
