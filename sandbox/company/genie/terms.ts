/** Reads a question as a row of terms: every word belongs to a measure, a dimension, a value, the grammar, or nobody. */
import { DIMENSIONS, PHRASES_ONLY, valueWords, type DimensionId } from "../dimensions.ts";
import type { Directory } from "../directory.ts";
import { Lexicon } from "../lexicon.ts";
import { createSpeller, type Slip } from "../spelling.ts";
import { wordsOf, type Word } from "../words.ts";
import { GRAMMAR, type Role } from "./grammar-words.ts";
import { ATTRIBUTE_WORDS, MEASURES, type AttributeId, type MeasureId } from "./measures.ts";
import { findComparisons, findShifts } from "./comparisons.ts";
import { findTimeWindows, type TimeWindow } from "./time-phrases.ts";

type Meaning =
  | { kind: "measure"; ids: readonly MeasureId[]; falling: boolean; verb: Verb | null; weak: boolean }
  | { kind: "dimension"; dimension: DimensionId; plural: boolean }
  | { kind: "value"; dimension: DimensionId; value: string }
  | { kind: "attribute"; attribute: AttributeId }
  | { kind: "customer"; name: string }
  | { kind: "time"; window: TimeWindow }
  | { kind: "shift"; months: number }
  | { kind: "number"; value: number; unit: "day" | null }
  | { kind: "unknown"; capital: boolean }
  | Role;

/** What stands at a place of the question, the words for it, and whether a comma or the like stands before it. */
export type Term = Meaning & { raw: string; afterBreak: boolean };

/** In words. */
const LONGEST_PHRASE = 10;
const DAYS_IN: Record<string, number> = { day: 1, week: 7, month: 30, year: 365 };
const NUMBERS =
  "zero one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty ninety hundred".split(
    " ",
  );
const NUMBER_VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/** "Drop in usage of more than 50 %" asks for changes below -50. */
const FALLING = /declin|drop|decreas|los[est]|fell|fall|shrink|down/;

/** "More than 5,000 USD per month" is an amount, not a course over months. */
const AMOUNT_A_MONTH = /(\d[\d,.]*k?(?:\s*(?:usd|dollars))?)\s+(?:per|a|each)\s+month/gi;

/** Everyday words: figures only beside something of the business. */
const WEAK: ReadonlySet<string> = new Set(["win", "won", "gain", "gained", "acquire", "acquired", "lost", "lose", "losing", "worth", "pay", "pays", "spend", "earn", "earned", "income", "joined", "owe", "owed", "users", "events", "activity", "actions", "engagement", "collected", "departures", "cases", "left", "leave", "leaving", "quit", "departed", "terminated", "cancel", "cancelling", "added", "landed", "onboarded", "adoption", "paying"]); // prettier-ignore

/** "Which segment lost the most MRR": the verb tells which MRR. */
type Verb = "lose" | "win" | "renew";

function verbOf(id: MeasureId, phrase: string): Verb | null {
  if (id === "renewals") return "renew";
  if (/^(?:lost|lose|losing|did we lose|we lost)$/.test(phrase)) return "lose";
  return /^(?:win|won|gain|gained|acquire|acquired|did we win|did we acquire)$/.test(phrase) ? "win" : null;
}

/** A question as read: its terms, and the words that were taken for slips. */
export interface ReadTerms {
  terms: Term[];
  slips: Slip[];
}

/** Built once per company; reads any number of questions. */
export function createTermReader(directory: Directory): (question: string) => ReadTerms {
  const lexicon = buildLexicon();
  const correct = createSpeller(new Set([...lexicon.vocabulary(), ...NUMBERS]), { proper: valueWords() });
  return (asked) => {
    const { text: question, slips } = correct(asked, directory.mentions(asked));
    const spans = spansOf(question, directory);
    const spanAt = ({ start }: Word) => spans.find((span) => start >= span.start && start < span.end);
    const words = wordsOf(
      question.replace(AMOUNT_A_MONTH, (all, amount: string) => amount.padEnd(all.length)),
    );
    const terms: Term[] = [];
    for (let i = 0; i < words.length;) {
      const word = words[i];
      if (!word) break;
      const span = spanAt(word);
      if (span) {
        terms.push({ ...span.term, raw: question.slice(word.start, span.end), afterBreak: word.afterBreak });
        while (i < words.length && (words[i]?.start ?? 0) < span.end) i += 1;
        continue;
      }
      const ahead = words.slice(i, i + LONGEST_PHRASE);
      const until = ahead.findIndex((w, k) => k > 0 && spanAt(w));
      const found = lexicon.at(until < 0 ? ahead : ahead.slice(0, until), 0);
      const last = words[i + (found?.length ?? 1) - 1];
      const raw = question.slice(word.start, last?.end);
      const meaning = found ? withPlural(found.term, last) : loose(word, i);
      terms.push({ ...meaning, raw, afterBreak: word.afterBreak });
      i += found?.length ?? 1;
      if (takesUnit(terms, words[i])) i += 1;
    }
    return { terms, slips };
  };
}

/** Customers, comparisons and times: found in the whole text, not word by word. */
function spansOf(question: string, directory: Directory): { start: number; end: number; term: Meaning }[] {
  const comparisons = findComparisons(question);
  const blanked = comparisons.reduce(
    (text, c) => text.slice(0, c.start) + " ".repeat(c.end - c.start) + text.slice(c.end),
    question,
  );
  const span = ({ start, end }: { start: number; end: number }, term: Meaning) => ({ start, end, term });
  return [
    ...directory.mentions(question).map((m) => span(m, { kind: "customer", name: m.customer.name })),
    ...comparisons.map((c) => span(c, { kind: "compare", against: c.against, window: c.window })),
    ...findShifts(blanked).map((s) => span(s, { kind: "shift", months: s.months })),
    ...findTimeWindows(blanked).map((window) => span(window, { kind: "time", window })),
  ];
}

/** "60 days", "two months" are lengths of time. */
function takesUnit(terms: Term[], word: Word | undefined): boolean {
  const amount = terms.at(-1);
  const days = word && !word.afterBreak ? DAYS_IN[word.key] : undefined;
  if (amount?.kind !== "number" || days === undefined) return false;
  terms[terms.length - 1] = {
    ...amount,
    value: amount.value * days,
    unit: "day",
    raw: `${amount.raw} ${word?.raw}`,
  };
  return true;
}

function loose(word: Word, index: number): Meaning {
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
  return { kind: "unknown", capital: index > 0 && /^\p{Lu}/u.test(word.raw) };
}

function withPlural(term: Meaning, last: Word | undefined): Meaning {
  if (term.kind !== "dimension" || !last) return term;
  return { ...term, plural: /s$/i.test(last.raw) && last.key !== last.raw.toLowerCase() };
}

function buildLexicon(): Lexicon<Meaning> {
  const lexicon = new Lexicon<Meaning>();
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
