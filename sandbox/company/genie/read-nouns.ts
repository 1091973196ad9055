/** Reads dimensions, their values, group-bys and superlatives. */
import type { DimensionId } from "../dimensions.ts";
import { addNew } from "./draft.ts";
import { ATTRIBUTE_WORDS, type AttributeId } from "./measures.ts";
import { readMeasure } from "./read-measures.ts";
import type { Reading } from "./reading.ts";
import type { Term } from "./terms.ts";

type TermOf<K extends Term["kind"]> = Extract<Term, { kind: K }>;

/** Terms between a subject word ("which", "top 5") and its noun. */
const BETWEEN = ["value", "number", "filler", "not", "customer", "attribute", "list", "have", "vague", "follow-up", "their", "average"] as const; // prettier-ignore

export function readValue({ dimension, value }: TermOf<"value">, i: number, reading: Reading): void {
  const { draft } = reading;
  // "Not Germany or France" denies both; "not on Essentials in Japan" is about Japan.
  const negation = reading.terms
    .slice(0, i)
    .findLast(
      (t) =>
        t.kind !== "filler" && t.kind !== "follow-up" && !(t.kind === "value" && t.dimension === dimension),
    );
  const negated = negation?.kind === "not";
  const filter = draft.filters.find((f) => f.dimension === dimension && f.negated === negated);
  if (filter) addNew(filter.values, value);
  else draft.filters.push({ dimension, values: [value], negated });
}

export function readDimension(term: TermOf<"dimension">, i: number, reading: Reading): void {
  const { draft, terms } = reading;
  const id = term.dimension;
  const subject = reading.before(i, ...BETWEEN)?.kind;
  const count = countBefore(i, reading);
  if (isAttribute(id) && !term.plural && reading.has("customer")) addNew(draft.attributes, id);
  else if (subject === "how-many") draft.counted ??= id;
  else if (id === "customer" && subject === "top" && draft.dimensions.length > 0)
    addNew(draft.measures, "customers");
  else if (
    subject === "which" ||
    subject === "who" ||
    subject === "top" ||
    (count !== null && reading.has("top"))
  ) {
    addNew(draft.dimensions, id);
    draft.listing ||= id === "customer";
    draft.limit ??= count;
  } else if (id === "customer") {
    const isFirst = terms.slice(0, i).every((t) => t.kind === "share" || isBetween(t));
    draft.listing ||= isFirst && reading.follows(i, "list", "which", "who");
    draft.bareCustomers ||= isFirst;
  } else if (term.plural && !isTime(id)) addNew(draft.dimensions, id);
  else if (isAttribute(id) && draft.listing && !isNamedByValue(id, i, reading)) addNew(draft.attributes, id);
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

/** "Top 5"; the more special word wins: "top 10 by usage, lowest first". */
export function readTop({ direction }: TermOf<"top">, i: number, { draft, terms, handled }: Reading): void {
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

/** The number of "5 account owners", "ten enterprise customers". */
function countBefore(i: number, reading: Reading): number | null {
  const earlier = reading.before(i, "filler", "value", "top");
  return earlier?.kind === "number" ? earlier.value : null;
}

function isBetween(term: Term): boolean {
  return BETWEEN.some((kind) => kind === term.kind);
}

function isTime(id: DimensionId): boolean {
  return id === "month" || id === "quarter" || id === "year";
}

function isAttribute(id: DimensionId): id is AttributeId & DimensionId {
  return id in ATTRIBUTE_WORDS;
}
