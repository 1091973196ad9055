/** Whether a word is English: the word list of the Hunspell dictionary, inflections by their stem. */
import dictionary from "dictionary-en";
import { stem } from "./words.ts";

let stems: ReadonlySet<string> | null = null;

/** `lower`: one word in lower case. Read on first use (about 50,000 entries, 60 ms). */
export function isEnglish(lower: string): boolean {
  stems ??= readStems();
  return stems.has(stem(lower));
}

/** Each line is a word, with letters after a slash for the forms that it has. */
function readStems(): ReadonlySet<string> {
  const lines = Buffer.from(dictionary.dic).toString("utf8").split("\n").slice(1);
  return new Set(lines.map((line) => stem(line.replace(/\/.*$/, "").toLowerCase())));
}
