/** Reads dimensions, their values, group-bys and superlatives. */
import type { DimensionId } from "../dimensions.ts";
import { addNew, type Draft } from "./draft.ts";
import { isAttribute } from "./measures.ts";
import { readMeasure } from "./read-measures.ts";
import type { Reading } from "./reading.ts";
import type { Term } from "./terms.ts";

type TermOf<K extends Term["kind"]> = Extract<Term, { kind: K }>;

/** Terms between a subject word ("which", "top 5") and its noun. */
const BETWEEN = ["value", "number", "filler", "not", "customer", "attribute", "list", "have", "vague", "follow-up", "their", "statistic"] as const; // prettier-ignore

export function readValue({ dimension, value }: TermOf<"value">, i: number, reading: Reading): void {
  const { draft } = reading;
  // "Not Germany or France" denies both; "not on Essentials in Japan" is about Japan.
  const at = reading.terms
    .slice(0, i)
    .findLastIndex(
      (t) =>
        t.kind !== "filler" && t.kind !== "follow-up" && !(t.kind === "value" && t.dimension === dimension),
    );
  const negated = reading.terms[at]?.kind === "not";
  if (negated) reading.used.add(at);
  const filter = draft.filters.find((f) => f.dimension === dimension && f.negated === negated);
  const isEither =
    reading.terms[i - 1]?.raw.toLowerCase() === "or" && !reading.has("which") && !reading.has("versus");
  if (isEither) draft.either.add(dimension);
  if (filter) addNew(filter.values, value);
  else draft.filters.push({ dimension, values: [value], negated });
}

export function readDimension(term: TermOf<"dimension">, i: number, reading: Reading): void {
  const { draft, terms } = reading;
  const id = term.dimension;
  const subject = subjectOf(i, reading);
  const at = countBefore(i, reading);
  const number = terms[at];
  const count = number?.kind === "number" ? number.value : null;
  const isRanked = subject === "top" || (count !== null && reading.has("top"));
  const isListed = draft.dimensions.includes("customer") && reading.has("their");
  if (isRanked) draft.ranked ??= id;
  // "Which customer", "which of our customers has".
  const isOne = !term.plural || (subject === "which" && /^(?:has|is)$/i.test(terms[i + 1]?.raw ?? ""));
  if (id === "customer" && isOne) draft.single ||= subject === "top" || subject === "which";
  if (isAttribute(id) && (isListed || (!term.plural && reading.has("customer"))))
    addNew(draft.attributes, id);
  else if (subject === "how-many") draft.counted ??= id;
  else if (id === "customer" && isFigure(i, reading)) addNew(draft.measures, "customers");
  else if (id === "customer" && subject === "top" && draft.dimensions.length > 0)
    addNew(draft.measures, "customers");
  else if (isRanked || subject === "which" || subject === "who") {
    addNew(draft.dimensions, id);
    draft.listing ||= id === "customer";
    draft.limit ??= count;
    reading.used.add(at);
  } else if (id === "customer") {
    const isFirst = terms.slice(0, i).every((t) => t.kind === "share" || isBetween(t));
    draft.listing ||= isFirst && reading.follows(i, "list", "which", "who");
    draft.bareCustomers ||= isFirst;
  } else if (term.plural && !isTime(id)) addNew(draft.dimensions, id);
  else if (isAttribute(id) && draft.listing && !isNamedByValue(id, i, reading)) addNew(draft.attributes, id);
}

/** What leads to a noun: "top" stands for a place as well, and for "lowest MRR region", "the region with the most". */
function subjectOf(i: number, reading: Reading): Term["kind"] | undefined {
  const { terms } = reading;
  const isTop = (term: Term | undefined) => term?.kind === "top" || term?.kind === "place";
  const before = reading.before(i, ...BETWEEN);
  const rest = terms.slice(i + 1).filter((term) => term.kind !== "filler");
  const isAhead = rest[0]?.kind === "have" && isTop(rest[1]) && before?.kind !== "which";
  const isBehind = terms[i - 1]?.kind === "measure" && isTop(terms[i - 2]);
  return isTop(before) || isAhead || isBehind ? "top" : before?.kind;
}

/** "By region and segment" groups; "by MRR" orders. */
export function readGrouping(i: number, reading: Reading, { mayOrder }: { mayOrder: boolean }): void {
  const { draft, terms, handled } = reading;
  for (let k = i + 1; k < terms.length; k += 1) {
    const term = terms[k];
    const startsPart = k === i + 1 || terms[k - 1]?.kind === "follow-up";
    if (term?.kind === "time") {
      // "For each of the last four quarters" names the window as well.
      const isFirst = terms.slice(i + 1, k).every((t) => t.kind === "filler");
      if (term.window.unit !== null && mayOrder && isFirst) addNew(draft.dimensions, term.window.unit);
      return;
    }
    if (term?.kind === "dimension" || term?.kind === "grain") addNew(draft.dimensions, term.dimension);
    else if (term?.kind === "measure" && mayOrder) {
      readMeasure(term, k, reading);
      draft.order_by ??= term.ids[0] ?? null;
    } else if (term?.kind !== "follow-up" && !(term?.kind === "filler" && startsPart)) return;
    handled.add(k);
  }
}

/** "Across regions" groups; "across all customers" is the total. */
export function readAcross(i: number, reading: Reading): void {
  const next = reading.terms[i + 1];
  if (next?.kind === "dimension" && next.dimension === "customer") reading.handled.add(i + 1);
  else readGrouping(i, reading, { mayOrder: false });
}

/** "The third one", "the second largest customer". */
export function readPlace({ place, raw }: TermOf<"place">, draft: Draft): void {
  draft.place = place;
  draft.limit = 1;
  if (/est$|most/i.test(raw)) draft.order = /lowest|smallest|least/i.test(raw) ? "low" : "high";
}

/** "Tickets per customer" divides, "MRR per region" groups. */
export function readRate(i: number, reading: Reading): void {
  const { draft, terms, handled } = reading;
  const at = terms.findIndex((term, k) => k > i && term.kind !== "filler");
  const next = terms[at];
  const isCustomer = next?.kind === "dimension" && next.dimension === "customer" && !next.plural;
  const base = isCustomer ? "customers" : next?.kind === "measure" ? next.ids[0] : undefined;
  const hasFigure = draft.measures.length > 0 && !reading.has("customer") && !draft.listing;
  if (base === undefined || !RATE_BASES.has(base) || !hasFigure)
    return readGrouping(i, reading, { mayOrder: true });
  draft.per = base;
  handled.add(at);
}

/** "Top 5"; the more special word wins: "top 10 by usage, lowest first". */
export function readTop(term: TermOf<"top">, i: number, { draft, terms, handled }: Reading): void {
  const { direction, by, comparative = false } = term;
  const rest = terms.slice(i + 1).find((t) => !["filler", "value", "number", "by"].includes(t.kind));
  const isOfCustomers = rest?.kind === "dimension" && rest.dimension === "customer";
  if (by !== undefined && !isOfCustomers && !/us|renew|join|sign/.test(term.raw)) {
    if (direction === "low") draft.unused.push(term.raw);
    return;
  }
  if (by !== undefined) {
    draft.order_by = by;
    addNew(draft.attributes, by);
  }
  draft.comparative ||= comparative;
  draft.sized ||= /^(?:biggest|largest|smallest)$/i.test(term.raw);
  if (draft.order === null || direction !== "high") draft.order = direction;
  for (const k of [i + 1, i - 1]) {
    const neighbour = terms[k];
    if (neighbour?.kind !== "number" || handled.has(k)) continue;
    draft.limit ??= neighbour.value;
    handled.add(k);
  }
}

/** "The energy industry", "on the Premier plan": the noun only explains the value before it. */
function isNamedByValue(id: DimensionId, i: number, reading: Reading): boolean {
  const earlier = reading.before(i, "filler");
  return earlier?.kind === "value" && earlier.dimension === id;
}

/** "MRR, customers and tickets by plan": a number of customers beside other figures. */
function isFigure(i: number, { terms }: Reading): boolean {
  const term = terms[i];
  if (
    term?.kind !== "dimension" ||
    !term.plural ||
    terms.some((t) => t.kind === "their" || t.kind === "those")
  )
    return false;
  const earlier = terms.slice(0, i);
  const isAnd = (t: Term | undefined) => t?.kind === "follow-up" && t.raw.toLowerCase() === "and";
  const [before, after] = [terms[i - 1], terms[i + 1]];
  const next = isAnd(after) ? terms[i + 2] : after?.afterBreak ? after : undefined;
  const leads = next?.kind === "measure" && !earlier.some((t) => t.kind === "which" || t.kind === "top");
  const closes = (isAnd(before) || term.afterBreak) && earlier.some((t) => t.kind === "measure");
  return leads || (closes && next?.kind !== "measure");
}

/** What a figure can be divided by. */
const RATE_BASES: ReadonlySet<string> = new Set([
  "customers",
  "seats",
  "weekly_active_users",
  "tickets",
  "invoices",
]);

/** Where the number of "5 account owners", "ten enterprise customers" stands; -1 where there is none. */
function countBefore(i: number, { terms }: Reading): number {
  const at = terms
    .slice(0, i)
    .findLastIndex(({ kind }) => kind !== "filler" && kind !== "value" && kind !== "top");
  return terms[at]?.kind === "number" ? at : -1;
}

function isBetween(term: Term): boolean {
  return BETWEEN.some((kind) => kind === term.kind);
}

function isTime(id: DimensionId): boolean {
  return id === "month" || id === "quarter" || id === "year";
}
