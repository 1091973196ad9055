/** Which customers a text is about: named ones, a slice of the customer base, how many of them. */
import { DIMENSIONS, PHRASES_ONLY, type DimensionId } from "./dimensions.ts";
import type { Customer, Directory } from "./directory.ts";
import { Lexicon } from "./lexicon.ts";
import { inSlice, sliceWords, type Slice } from "./slice.ts";
import { wordsOf } from "./words.ts";
import type { Asked } from "./contract.ts";

export interface Scope {
  /** Named in the question, or in the context where the question points back to it. */
  customers: Customer[];
  slices: Slice[];
  /** "Top five"; null when no count is given. */
  count: number | null;
}

const NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split(" ");
const NUMBER = `(\\d{1,3}|${NUMBERS.join("|")})`;
const COUNT = new RegExp(
  `\\b(?:top|first|worst|riskiest|leading)\\s+${NUMBER}\\b|\\b${NUMBER}\\s+(?:[a-z-]+\\s+){0,3}?(?:customers?|accounts?|clients?|riskiest|most|highest|worst|largest|biggest)\\b`,
  "i",
);
const POINTS_BACK =
  /\b(those|these|them|they|their|above|listed|mentioned|each|same|following|top|first|such|identified|the customers|the accounts)\b/i;
const NEGATION = new Set(["not", "excluding", "except", "outside", "without", "exclude"]);
const KEPT = new Set(["executive_sponsor"]);

export function createScopeReader(directory: Directory): (asked: Asked) => Scope {
  const lexicon = new Lexicon<{ dimension: DimensionId; value: string }>();
  for (const { id, source, values } of DIMENSIONS) {
    if (source !== "customers") continue;
    for (const [value, phrases] of Object.entries(values)) {
      for (const phrase of PHRASES_ONLY.has(value) ? phrases : [value, ...phrases])
        lexicon.add(phrase, { dimension: id, value });
    }
  }
  return ({ question, context }) => {
    const slices = slicesOf(question, directory, lexicon);
    const count = countOf(question);
    const inQuestion = directory.named(question);
    if (inQuestion.length > 0) return { customers: inQuestion, slices: [], count };
    const inContext = directory.named(...context);
    const usesContext = inContext.length > 0 && (POINTS_BACK.test(question) || slices.length === 0);
    const customers = usesContext ? inContext.filter((c) => slices.every((s) => inSlice(c, s))) : [];
    return { customers: customers.slice(0, count ?? customers.length), slices, count };
  };
}

function slicesOf(
  question: string,
  directory: Directory,
  lexicon: Lexicon<{ dimension: DimensionId; value: string }>,
): Slice[] {
  const blanked = directory.mentions(question).reduce(
    (text, m) => text.slice(0, m.start) + " ".repeat(m.end - m.start) + text.slice(m.end),
    question,
  );
  const words = wordsOf(blanked);
  const slices: Slice[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const found = words[i]?.raw === "US" ? { term: { dimension: "country" as const, value: "United States" }, length: 1 } : lexicon.at(words, i);
    if (!found) continue;
    const { dimension: id, value } = found.term;
    const negated = !KEPT.has(id) && words.slice(Math.max(0, i - 2), i).some((w) => NEGATION.has(w.key));
    const slice = slices.find((s) => s.dimension === id && s.negated === negated);
    if (slice) slice.values.push(value);
    else slices.push({ dimension: id, values: [value], negated });
    i += found.length - 1;
  }
  return slices;
} // prettier-ignore

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
