/** Whether a word is English, by the word list of the Hunspell dictionary: such a word is no slip of another. */
import dictionary from "dictionary-en";
import { wordKey } from "./words.ts";

/** Reads the list at the first question (about 50,000 entries); `word` is in lower case. */
export function englishWords(): (word: string) => boolean {
  let words: ReadonlySet<string> | null = null;
  return (word) => {
    words ??= readWords();
    return [wordKey(word), ...basesOf(word)].some((base) => words?.has(base));
  };
}

/** Each line is a word, with letters after a slash for the forms that it has. */
function readWords(): ReadonlySet<string> {
  const lines = Buffer.from(dictionary.dic).toString("utf8").split("\n").slice(1);
  const words = lines.map((line) => line.replace(/\/.*$/, "").toLowerCase());
  return new Set([...words, ...words.map(wordKey)]);
}

/** "Invoked" is "invoke", "bigger" is "big". */
function basesOf(word: string): string[] {
  const base = /^(\p{L}{3,}?)(?:s|es|ed|er|est|ing|ly)$/u.exec(word)?.[1];
  if (base === undefined) return [];
  return /(\p{L})\1$/u.test(base) ? [base, base.slice(0, -1)] : [base, `${base}e`];
}
