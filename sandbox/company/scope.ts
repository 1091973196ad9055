/** Which customers a text is about: named ones, a slice of the customer base, how many of them. */
import { DIMENSIONS, PHRASES_ONLY } from "./dimensions.ts";
import type { Customer, Directory } from "./directory.ts";
import { Lexicon, type Found } from "./lexicon.ts";
import { inSlice, sliceWords, type Slice } from "./slice.ts";
import { wordsOf, type Word } from "./words.ts";
import type { Asked } from "./contract.ts";

export interface Scope {
  /** Named in the question, or in the context where the question points back to it. */
  customers: Customer[];
  slices: Slice[];
  /** "Top five"; null when no count is given. */
  count: number | null;
  /** All that the context names, used or not. */
  context: Customer[];
}

type Value = Pick<Slice, "dimension"> & { value: string };

const NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split(" ");
const NUMBER = `(\\d{1,3}|${NUMBERS.join("|")})`;
const COUNT = new RegExp(
  `\\b(?:top|first|worst|riskiest|leading)\\s+${NUMBER}\\b|\\b${NUMBER}\\s+(?:[a-z-]+\\s+){0,3}?(?:customers?|accounts?|clients?|riskiest|most|highest|worst|largest|biggest)\\b`,
  "i",
);
const POINTS_BACK =
  /\b(?:those|these|them|they|their|above(?!\s*\d)|listed|mentioned|each|same|following|such|identified|the customers|the accounts)\b/i;
/** "Which customers …" looks over all of them, whatever was said before. */
const LOOKS_OVER_ALL =
  /\b(?:which|what|any|all|find|list)\b[^.?]*\b(?:customers|accounts|clients)\b|\bwho\b/i;
const NEGATIONS = new Set(["not", "excluding", "except", "outside", "without", "exclude"]);

export function createScopeReader(directory: Directory): (asked: Asked) => Scope {
  const lexicon = new Lexicon<Value>();
  for (const { id, source, values } of DIMENSIONS) {
    for (const [value, phrases] of source === "customers" ? Object.entries(values) : []) {
      const own = PHRASES_ONLY.has(value) ? [] : [value];
      for (const phrase of [...own, ...phrases]) lexicon.add(phrase, { dimension: id, value });
    }
  }
  return ({ question, context }) => {
    const slices = slicesOf(directory.withoutNames(question), lexicon);
    const count = countOf(question);
    const inContext = directory.named(...context);
    const inQuestion = directory.named(question);
    if (inQuestion.length > 0) return { customers: inQuestion, slices: [], count, context: inContext };
    const isFresh = slices.length > 0 || LOOKS_OVER_ALL.test(question);
    const pointed = POINTS_BACK.test(question) || !isFresh ? inContext : [];
    const customers = pointed.filter((c) => slices.every((s) => inSlice(c, s)));
    return { customers: customers.slice(0, count ?? customers.length), slices, count, context: inContext };
  };
}

function slicesOf(question: string, lexicon: Lexicon<Value>): Slice[] {
  const words = wordsOf(question);
  const slices: Slice[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const found = valueAt(words, i, lexicon);
    if (!found) continue;
    const { dimension, value } = found.term;
    const isNegated = words.slice(Math.max(0, i - 2), i).some((w) => NEGATIONS.has(w.key));
    const negated = isNegated && dimension !== "executive_sponsor";
    const slice = slices.find((s) => s.dimension === dimension && s.negated === negated);
    if (slice) slice.values.push(value);
    else slices.push({ dimension, values: [value], negated });
    i += found.length - 1;
  }
  return slices;
}

/** "US" is a country, "us" is not. */
function valueAt(words: readonly Word[], i: number, lexicon: Lexicon<Value>): Found<Value> | null {
  if (words[i]?.raw === "US") return { term: { dimension: "country", value: "United States" }, length: 1 };
  return lexicon.at(words, i);
}

function countOf(question: string): number | null {
  const match = COUNT.exec(question);
  const text = (match?.[1] ?? match?.[2])?.toLowerCase();
  if (text === undefined) return null;
  return /^\d+$/.test(text) ? Number(text) : NUMBERS.indexOf(text) + 1;
}

/** "customers (Enterprise, EMEA)". */
export function scopeWords(slices: readonly Slice[]): string {
  return slices.length > 0 ? `customers (${slices.map(sliceWords).join(", ")})` : "customers";
}
