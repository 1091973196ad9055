/** Whether a word is English: the word list of the Hunspell dictionary, inflections by their stem. */
import dictionary from "dictionary-en";
import { stem } from "./words.ts";

let stems: ReadonlySet<string> | null = null;

/** `lower`: one word in lower case. Read on first use (about 50,000 entries, 60 ms). */
export function isEnglish(lower: string): boolean {
  stems ??= readStems();
  return [stem(lower), ...basesOf(lower)].some((base) => stems!.has(base));
}

/** `older` is `old`, `nicer` is `nice`, `bigger` is `big`. */
function basesOf(lower: string): string[] {
  if (/^\p{L}{2}s$/u.test(lower)) return [lower.slice(0, 2)];
  const base = /^(\p{L}{3,}?)(?:'s|s|es|d|ed|r|er|st|est|ing|ly)$/u.exec(lower)?.[1];
  if (base === undefined) return [];
  return /(\p{L})\1$/u.test(base) ? [base, base.slice(0, -1)] : [base, `${base}e`];
}

/** Each line is a word, with letters after a slash for the forms that it has. */
function readStems(): ReadonlySet<string> {
  const lines = Buffer.from(dictionary.dic).toString("utf8").split("\n").slice(1);
  const words = lines.map((line) => line.replace(/\/.*$/, "").toLowerCase());
  return new Set([...words, ...words.map(stem)]);
}
