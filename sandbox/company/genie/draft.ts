/** What one question says by itself, before defaults and before earlier questions. */
import type { DimensionId } from "../dimensions.ts";
import type { Slice } from "../slice.ts";
import type { Slip } from "../spelling.ts";
import type { AttributeId, MeasureId, Statistic } from "./measures.ts";
import type { Age, Condition } from "./spec.ts";
import type { Term } from "./terms.ts";
import type { TimeWindow } from "./time-phrases.ts";

export interface Draft {
  measures: MeasureId[];
  dimensions: DimensionId[];
  attributes: AttributeId[];
  filters: Slice[];
  customers: string[];
  windows: TimeWindow[];
  conditions: Condition[];
  age: Age | null;
  /** "The quarter after": the last window, moved by so many months. */
  shift: number | null;
  compare: "previous" | "year" | null;
  order: "high" | "low" | "best" | "worst" | null;
  order_by: MeasureId | AttributeId | null;
  limit: number | null;
  /** "The second biggest": the one place of a ranking that is asked for. */
  place: number | null;
  /** What the superlative or the limit picks: "top 2 account owners per region". */
  ranked: DimensionId | null;
  /** "Biggest", "smallest": by MRR, unless a figure is named. */
  sized: boolean;
  /** "Which customer", "who is": one row of a ranking. */
  single: boolean;
  /** "More in Q2 or in Q1": both are compared, nothing is ranked. */
  comparative: boolean;
  /** "Canadian or Mexican": taken together. */
  either: Set<DimensionId>;
  /** "What share of invoices is overdue": of all invoices. */
  saidOfAll: boolean;
  statistic: Statistic | null;
  /** What a figure is divided by: "tickets per customer". */
  per: MeasureId | "month" | null;
  /** "How many customers": the noun that is counted. */
  counted: DimensionId | null;
  /** "Which customers", "list customers": rows are customers. */
  listing: boolean;
  /** The question begins with "customers …". */
  bareCustomers: boolean;
  /** A decline is asked for: the most of it is the lowest change. */
  falling: boolean;
  /** Something of the business is named: a figure, a dimension, a value, a customer. */
  solid: boolean;
  /** Kinds of grammar words that occur. */
  roles: ReadonlySet<Term["kind"]>;
  startsAsFollowUp: boolean;
  /** A pronoun stands for something of the same question: "seats, and how many of them per region". */
  pointsWithin: boolean;
  unknown: { raw: string; capital: boolean }[];
  /** "Customer acquisition cost": a figure named by a word that means nothing here. */
  stranger: string | null;
  /** Words with a meaning that nothing was done with. */
  unused: string[];
  slips: readonly Slip[];
}

const SOLID: ReadonlySet<string> = new Set(["dimension", "value", "customer", "attribute"]);

export function emptyDraft(terms: readonly Term[]): Draft {
  return {
    measures: [],
    dimensions: [],
    attributes: [],
    filters: [],
    customers: [],
    windows: [],
    conditions: [],
    age: null,
    shift: null,
    compare: null,
    order: null,
    order_by: null,
    limit: null,
    place: null,
    ranked: null,
    sized: false,
    single: false,
    comparative: false,
    either: new Set(),
    saidOfAll: false,
    statistic: null,
    per: null,
    counted: null,
    listing: false,
    bareCustomers: false,
    falling: false,
    solid: terms.some((term) => (term.kind === "measure" ? !term.weak : SOLID.has(term.kind))),
    roles: new Set(terms.map((term) => term.kind)),
    startsAsFollowUp: terms[0]?.kind === "follow-up" || terms[0]?.kind === "also",
    pointsWithin: pointsWithin(terms),
    unknown: [],
    stranger: null,
    unused: [],
    slips: [],
  };
}

/** "How many of them" after a figure, "their due date" after invoices; "MRR of those customers" points out of the question. */
function pointsWithin(terms: readonly Term[]): boolean {
  const pointers = terms.flatMap((term, i) => (term.kind === "those" || term.kind === "their" ? [i] : []));
  // "Is there a customer with …? Which ones?"
  if (pointers.length > 0 && pointers.every((i) => i > 0 && /ones$/i.test(terms[i]?.raw ?? ""))) return true;
  return (
    pointers.length > 0 &&
    pointers.every((i) => {
      const hasFigure = terms.slice(0, i).some((term) => term.kind === "measure");
      const previous = terms[i - 1];
      return hasFigure && (previous?.kind === "how-many" || previous?.kind === "measure");
    })
  );
}

export function addNew<T>(list: T[], ...items: readonly T[]): void {
  for (const item of items) if (!list.includes(item)) list.push(item);
}
