/** Which customers a text is about: named ones, a slice of the customer base, how many of them. */
import { DIMENSIONS, PHRASES_ONLY, valueWords } from "./dimensions.ts";
import type { Customer, Directory } from "./directory.ts";
import { Lexicon, type Found } from "./lexicon.ts";
import { inSlice, sliceWords, type Slice } from "./slice.ts";
import { wordsOf, type Word } from "./words.ts";
import type { Asked } from "./contract.ts";
import { countOf, ignoredIn, limitOf, placeOf, type Limit } from "./restrictions.ts";
import { createSpeller } from "./spelling.ts";

export interface Scope {
  /** Named in the question, or in the context where the question points back to it. */
  customers: Customer[];
  slices: Slice[];
  /** "Top five"; null when no count is given. */
  count: number | null;
  /** "The second riskiest": the place of the one that is asked for. */
  place: number | null;
  mrr: Limit | null;
  /** Words that would pick customers and that mean nothing here. */
  ignored: string[];
  /** Names that nobody bears. */
  strangers: string[];
  /** All that the context names, used or not. */
  context: Customer[];
}

type Value = Pick<Slice, "dimension"> & { value: string };

const POINTS_BACK =
  /\b(?:those|these|them|they|their|above(?!\s*\d)|listed|mentioned|each|same|following|such|identified|the customers|the accounts)\b/i;
/** Words of questions about customers, beside the values: none of them is a slip or a name. */
const SAID =
  "customer customers account accounts client clients company companies risk churn churning leave likely riskiest which plan plans please retention playbook quarter segment region country industry owner sponsor executive january february march april may june july august september october november december boards reports automations usage support tickets invoices price prices competitor competitors rank score scores probability drivers revenue value money"; // prettier-ignore
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
  const known = new Set([...lexicon.vocabulary(), ...wordsOf(SAID).map((word) => word.key)]);
  const correct = createSpeller(known, { proper: valueWords(), shortest: 6 });
  return ({ question: asked, context }) => {
    const question = correct(asked, directory.mentions(asked)).text;
    const unnamed = directory.withoutNames(question);
    const slices = slicesOf(unnamed, lexicon);
    const place = placeOf(question);
    const count = place === null ? countOf(question) : 1;
    const inContext = directory.named(...context);
    const inQuestion = directory.named(question);
    const strangers = strangersIn(wordsOf(unnamed), known);
    const rest = { slices, count, place, mrr: limitOf(question), strangers, context: inContext };
    if (inQuestion.length > 0) return { ...rest, slices: [], mrr: null, customers: inQuestion, ignored: [] };
    const isFresh = slices.length > 0 || LOOKS_OVER_ALL.test(question);
    const pointed = POINTS_BACK.test(question) || !isFresh ? inContext : [];
    const picked = pointed.filter((c) => slices.every((s) => inSlice(c, s)));
    const from = (place ?? 1) - 1;
    const customers = picked.slice(from, from + (count ?? picked.length));
    const ignored = pointed.length > 0 ? [] : ignoredIn(question);
    return { ...rest, customers, ignored };
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

/** A capitalised word within a sentence that is no customer and no value: "Foobar Industries", "Nordic". */
function strangersIn(words: readonly Word[], vocabulary: ReadonlySet<string>): string[] {
  const isStranger = (word: Word | undefined, i: number) =>
    word !== undefined &&
    i > 0 &&
    !word.afterBreak &&
    /^\p{Lu}\p{Ll}{3,}/u.test(word.raw) &&
    !vocabulary.has(word.key);
  return words.flatMap((word, i) => {
    if (!isStranger(word, i) || isStranger(words[i - 1], i - 1)) return [];
    const rest = words.slice(i).findIndex((w, k) => !/^\p{Lu}/u.test(w.raw) || (k > 0 && w.afterBreak));
    return [
      words
        .slice(i, rest < 0 ? undefined : i + rest)
        .map((w) => w.raw)
        .join(" "),
    ];
  });
}

/** "customers (Enterprise, EMEA, MRR of at least 5000 USD)". */
export function scopeWords(slices: readonly Slice[], mrr: Limit | null = null): string {
  const limit = mrr === null ? [] : [`MRR of at ${mrr.op} ${mrr.value} USD`];
  const words = [...slices.map(sliceWords), ...limit];
  return words.length > 0 ? `customers (${words.join(", ")})` : "customers";
}
