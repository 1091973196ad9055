/** Reads a question as a row of terms: every word belongs to a measure, a dimension, a value, the grammar, or nobody. */
import { DIMENSIONS, PHRASES_ONLY, type DimensionId } from "../dimensions.ts";
import type { Directory } from "../directory.ts";
import { Lexicon } from "../lexicon.ts";
import { wordsOf, type Word } from "../words.ts";
import { GRAMMAR, type Role } from "./grammar-words.ts";
import { ATTRIBUTE_WORDS, MEASURES, type AttributeId, type MeasureId } from "./measures.ts";
import { findComparisons, findShifts, type Comparison, type Shift } from "./comparisons.ts";
import { findTimeWindows, type TimeWindow } from "./time-phrases.ts";

export type Term =
  | { kind: "measure"; ids: readonly MeasureId[]; falling: boolean; verb: Verb | null; weak: boolean }
  | { kind: "dimension"; dimension: DimensionId; plural: boolean }
  | { kind: "value"; dimension: DimensionId; value: string }
  | { kind: "attribute"; attribute: AttributeId }
  | { kind: "customer"; name: string }
  | { kind: "time"; window: TimeWindow }
  | { kind: "shift"; months: number }
  | { kind: "number"; value: number; unit: "day" | null }
  | { kind: "unknown"; raw: string; capital: boolean }
  | Role;

const NUMBERS =
  "zero one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty ninety hundred".split(
    " ",
  );
const NUMBER_VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/** "Drop in usage of more than 50 %" asks for changes below -50. */
const FALLING = /declin|drop|decreas|los[est]|fell|fall|shrink|down/;

/** "More than 5,000 USD per month" is an amount, not a course over months. */
const AMOUNT_A_MONTH = /(\d[\d,.]*k?(?:\s*(?:usd|dollars))?)\s+(?:per|a|each)\s+month/gi;

/** "Which segment lost the most MRR": the verb tells which MRR. */
/** Everyday words: figures only beside something of the business. */
const WEAK: ReadonlySet<string> = new Set(["win", "won", "gain", "gained", "acquire", "acquired", "lost", "lose", "losing", "worth", "pay", "pays", "spend", "earn", "earned", "income", "joined", "owe", "owed", "users", "events", "activity", "actions", "engagement", "collected", "departures", "cases", "left", "leave", "leaving", "quit", "departed", "terminated", "cancel", "cancelling", "added", "landed", "onboarded", "adoption", "paying"]); // prettier-ignore

type Verb = "lose" | "win" | "renew";

function verbOf(id: MeasureId, phrase: string): Verb | null {
  if (id === "renewals") return "renew";
  if (/^(?:lost|lose|losing|did we lose|we lost)$/.test(phrase)) return "lose";
  return /^(?:win|won|gain|gained|acquire|acquired|did we win|did we acquire)$/.test(phrase) ? "win" : null;
}

/** Built once per company; reads any number of questions. */
export function createTermReader(directory: Directory): (question: string) => Term[] {
  const lexicon = buildLexicon();
  return (question) => {
    const comparisons = findComparisons(question);
    const blanked = comparisons.reduce(
      (text, c) => text.slice(0, c.start) + " ".repeat(c.end - c.start) + text.slice(c.end),
      question,
    );
    const windows = findTimeWindows(blanked);
    const shifts = findShifts(blanked);
    const mentions = directory.mentions(question);
    const words = wordsOf(
      question.replace(AMOUNT_A_MONTH, (all, amount: string) => amount.padEnd(all.length)),
    );
    const terms: Term[] = [];
    for (let i = 0; i < words.length;) {
      const word = words[i];
      if (!word) break;
      const span = spanAt(word, mentions, windows, comparisons, shifts);
      if (span) {
        terms.push(span.term);
        while (i < words.length && (words[i]?.start ?? 0) < span.end) i += 1;
        continue;
      }
      const until = words.findIndex(
        (w, k) => k > i && spanAt(w, mentions, windows, comparisons, shifts) !== null,
      );
      const found = lexicon.at(until < 0 ? words : words.slice(0, until), i);
      terms.push(
        found
          ? withPlural(found.term, words[i + found.length - 1])
          : (misspelt(word, lexicon) ?? loose(word, i)),
      );
      i += found?.length ?? 1;
      const [amount, unit] = [terms.at(-1), words[i]];
      if (amount?.kind === "number" && unit?.key === "day" && !unit.afterBreak) {
        amount.unit = "day";
        i += 1;
      }
    }
    return terms;
  };
}

function spanAt(
  word: Word,
  mentions: ReturnType<Directory["mentions"]>,
  windows: TimeWindow[],
  comparisons: Comparison[],
  shifts: Shift[],
): { term: Term; end: number } | null {
  const mention = mentions.find((m) => m.start === word.start);
  if (mention) return { term: { kind: "customer", name: mention.customer.name }, end: mention.end };
  const comparison = comparisons.find((c) => word.start >= c.start && word.start < c.end);
  if (comparison)
    return {
      term: { kind: "compare", against: comparison.against, window: comparison.window },
      end: comparison.end,
    };
  const shift = shifts.find((s) => word.start >= s.start && word.start < s.end);
  if (shift) return { term: { kind: "shift", months: shift.months }, end: shift.end };
  const window = windows.find((w) => word.start >= w.start && word.start < w.end);
  return window ? { term: { kind: "time", window }, end: window.end } : null;
}

/** `custmers`: a long word that is one slip away from a known one, and no name. */
function misspelt(word: Word, lexicon: Lexicon<Term>): Term | null {
  if (/^\p{Lu}|\d/u.test(word.raw)) return null;
  const meant = lexicon.near(word.key);
  return meant === null ? null : withPlural(meant, word);
}

function loose(word: Word, index: number): Term {
  // "US" is a country, "us" is not.
  if (word.raw === "US") return { kind: "value", dimension: "country", value: "United States" };
  if (word.raw === "us") return { kind: "filler" };
  const spelled = NUMBERS.indexOf(word.key);
  if (spelled >= 0) return { kind: "number", value: NUMBER_VALUES[spelled] ?? 0, unit: null };
  const digits = /^([\d,]+(?:\.\d+)?)([km]?)$/i.exec(word.raw);
  if (digits?.[1]) {
    const scale = { k: 1_000, m: 1_000_000 }[(digits[2] ?? "").toLowerCase()] ?? 1;
    return { kind: "number", value: Number(digits[1].replaceAll(",", "")) * scale, unit: null };
  }
  return { kind: "unknown", raw: word.raw, capital: index > 0 && /^\p{Lu}/u.test(word.raw) };
}

function withPlural(term: Term, last: Word | undefined): Term {
  if (term.kind !== "dimension" || !last) return term;
  return { ...term, plural: /s$/i.test(last.raw) && last.key !== last.raw.toLowerCase() };
}

function buildLexicon(): Lexicon<Term> {
  const lexicon = new Lexicon<Term>();
  for (const measure of MEASURES) {
    for (const phrase of measure.words)
      lexicon.add(phrase, {
        kind: "measure",
        ids: [measure.id],
        falling: measure.id === "usage_change_pct" && FALLING.test(phrase),
        verb: verbOf(measure.id, phrase),
        weak: WEAK.has(phrase),
      });
  }
  lexicon.add("churn", {
    kind: "measure",
    ids: ["churn_rate_pct", "churned_customers"],
    falling: false,
    verb: null,
    weak: false,
  });
  for (const [attribute, phrases] of Object.entries(ATTRIBUTE_WORDS) as [AttributeId, string[]][]) {
    for (const phrase of phrases) lexicon.add(phrase, { kind: "attribute", attribute });
  }
  for (const { id, words, values } of DIMENSIONS) {
    for (const phrase of words) lexicon.add(phrase, { kind: "dimension", dimension: id, plural: false });
    for (const [value, phrases] of Object.entries(values)) {
      const own = PHRASES_ONLY.has(value) ? [] : [value];
      for (const phrase of [...own, ...phrases]) lexicon.add(phrase, { kind: "value", dimension: id, value });
    }
  }
  for (const [phrase, role] of GRAMMAR) {
    if (phrase !== "us") lexicon.add(phrase, role);
  }
  return lexicon;
}
