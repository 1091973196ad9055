/** Corrects typing slips in a question, word by word, towards the words that have a meaning here. */
import { englishWords } from "./english.ts";
import { wordsOf, type Word } from "./words.ts";

/** A word as typed and as it was read. */
export interface Slip {
  typed: string;
  meant: string;
}

interface Span {
  start: number;
  end: number;
}

/** Longer texts are left as they are: every unknown word is held against the whole vocabulary. */
export const TYPED_WORDS = 100;

/** Words of times, which are read by patterns. */
const TIMES =
  "january february march april may june july august september october november december month quarter year week day monthly quarterly yearly spring summer autumn winter last next this previous since between until before after first second half"; // prettier-ignore

/** What a capitalised word within a sentence may be a slip of, and how long words have to be. */
export interface SpellerOptions {
  proper: ReadonlySet<string>;
  shortest?: number;
}

/** A speller towards a vocabulary; names of customers and English words are left alone. */
export function createSpeller(
  vocabulary: ReadonlySet<string>,
  { proper, shortest = 3 }: SpellerOptions,
): (text: string, names: readonly Span[]) => { text: string; slips: Slip[] } {
  const known = new Set([...vocabulary, ...keysOf(TIMES)]);
  const isEnglish = englishWords();
  const isRight = ({ key, raw }: Word) =>
    key.length < shortest || known.has(key) || /\d|['’]/.test(raw) || isEnglish(raw.toLowerCase());
  return (text, names) => {
    const slips: Slip[] = [];
    let corrected = text;
    const words = wordsOf(text);
    if (words.length > TYPED_WORDS) return { text, slips };
    for (const [i, word] of [...words.entries()].toReversed()) {
      const isNamed = names.some(({ start, end }) => word.start >= start && word.start < end);
      if (isNamed || isRight(word)) continue;
      const isName = i > 0 && /^\p{Lu}\p{Ll}/u.test(word.raw);
      const towards = isName ? proper : known;
      const meant = nearest(word.key, towards) ?? nearest(word.raw.toLowerCase(), towards);
      if (meant === null) continue;
      const plural = word.key === word.raw.toLowerCase() ? meant : `${meant}s`;
      slips.unshift({ typed: word.raw, meant: plural });
      corrected = corrected.slice(0, word.start) + plural + corrected.slice(word.end);
    }
    return { text: corrected, slips };
  };
}

function keysOf(text: string): string[] {
  return wordsOf(text).map((word) => word.key);
}

/** Of short words only an acronym or a swap of letters is one: "mmr", "teh". */
function nearest(typed: string, known: ReadonlySet<string>): string | null {
  const most = typed.length >= 8 ? 2 * EXCHANGED : EXCHANGED;
  const candidates = typed.length < 5 ? [...known].filter((word) => SHORT.has(word)) : [...known];
  return fewestSlips(typed, candidates, most);
}

/** The one word that fewest slips lead to; null where none is near, or several are. */
export function fewestSlips(typed: string, words: readonly string[], most = EXCHANGED): string | null {
  const near = words.flatMap((word) => {
    const isFar =
      Math.abs(word.length - typed.length) > most || (word[0] !== typed[0] && !isSwap(typed, word));
    const slips = isFar ? Infinity : slipsBetween(typed, word);
    return slips <= most ? [{ word, slips }] : [];
  });
  const fewest = Math.min(...near.map(({ slips }) => slips));
  const best = near.filter(({ slips }) => slips === fewest);
  return best.length === 1 ? (best[0]?.word ?? null) : null;
}

/** Short words that are read through a slip. */
const SHORT = new Set(
  "mrr arr open many what which plan show list last year seat with have from over churn".split(" "),
);

/** Letters are left out or swapped more often than added or exchanged. */
const ADDED = 1.1;
const EXCHANGED = 1.2;

function isSwap(typed: string, word: string): boolean {
  return typed[0] === word[1] && typed[1] === word[0] && typed.slice(2) === word.slice(2);
}

/** Letters left out, added, exchanged, or swapped with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let j = 1; j <= b.length; j += 1) (rows[0] ?? []).push(j);
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const exchange = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : EXCHANGED);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? at(i - 2, j - 2) + 1 : Infinity;
      (rows[i] ?? [])[j] = Math.min(at(i - 1, j) + ADDED, at(i, j - 1) + 1, exchange, swap);
    }
  }
  return at(a.length, b.length);
}
