/** Parses terms into a draft: what this question alone says, before defaults and before earlier questions. */
import type { DimensionId } from "../dimensions.ts";
import { measure, type AttributeId, type MeasureId } from "./measures.ts";
import type { Condition, Filter } from "./spec.ts";
import type { Term } from "./terms.ts";
import type { TimeWindow } from "./time-phrases.ts";

type Role = Term["kind"];

export interface Draft {
  measures: MeasureId[];
  dimensions: DimensionId[];
  attributes: AttributeId[];
  filters: Filter[];
  customers: string[];
  windows: TimeWindow[];
  conditions: Condition[];
  compare: "previous" | "year" | null;
  order: "high" | "low" | "best" | "worst" | null;
  order_by: MeasureId | null;
  limit: number | null;
  /** "How many customers": the noun that is counted. */
  counted: DimensionId | null;
  /** "Which customers", "list customers": rows are customers. */
  listing: boolean;
  /** Kinds of grammar words that occur. */
  roles: ReadonlySet<Role>;
  startsAsFollowUp: boolean;
  unknown: { raw: string; capital: boolean }[];
}

/** Terms between a subject word ("which", "top 5") and its noun. */
const TRANSPARENT: ReadonlySet<Role> = new Set(["value", "number", "filler", "not", "customer", "attribute", "list", "vague", "follow-up", "their", "average"]); // prettier-ignore
const COUNTABLE: ReadonlySet<string> = new Set(["tickets", "open_tickets", "overdue_invoices", "invoices", "overdue_amount", "usage_events", "written_off_amount"]); // prettier-ignore

export function draftOf(terms: readonly Term[]): Draft {
  const roles = new Set(terms.map((term) => term.kind));
  const draft: Draft = {
    measures: [],
    dimensions: [],
    attributes: [],
    filters: [],
    customers: [],
    windows: [],
    conditions: [],
    compare: null,
    order: null,
    order_by: null,
    limit: null,
    counted: null,
    listing: false,
    roles,
    startsAsFollowUp: terms[0]?.kind === "follow-up",
    unknown: [],
  };
  const handled = new Set<number>();
  for (const [i, term] of terms.entries()) {
    if (!handled.has(i)) read(term, i, terms, draft, handled);
  }
  draft.conditions = draft.conditions.filter(
    (c, i, all) => all.findIndex((o) => o.measure === c.measure) === i,
  );
  draft.measures = draft.measures.filter((id) => !draft.conditions.some((c) => c.measure === id));
  return draft;
}

function read(term: Term, i: number, terms: readonly Term[], draft: Draft, handled: Set<number>): void {
  switch (term.kind) {
    case "measure":
      return pushNew(draft.measures, ...term.ids);
    case "time":
      return void draft.windows.push(term.window);
    case "customer":
      return pushNew(draft.customers, term.name);
    case "attribute":
      return pushNew(draft.attributes, term.attribute);
    case "grain":
      return pushNew(draft.dimensions, term.dimension);
    case "compare":
      draft.compare = term.against;
      return;
    case "unknown":
      return void draft.unknown.push(term);
    case "value":
      return readValue(term, i, terms, draft);
    case "dimension":
      return readDimension(term, i, terms, draft);
    case "by":
      return readBy(i, terms, draft, handled);
    case "top":
      return readTop(term, i, terms, draft, handled);
    case "comparator":
      return readComparison(term.op, i, terms, draft, handled);
    case "have":
    case "not":
      return readPossession(term.kind, i, terms, draft, handled);
    default:
      return;
  }
}

function readValue(term: Term & { kind: "value" }, i: number, terms: readonly Term[], draft: Draft): void {
  const negated = terms[before(terms, i, new Set(["filler", "value"]))]?.kind === "not";
  const filter = draft.filters.find((f) => f.dimension === term.dimension && f.negated === negated);
  if (filter) pushNew(filter.values, term.value);
  else draft.filters.push({ dimension: term.dimension, values: [term.value], negated });
}

function readDimension(
  term: Term & { kind: "dimension" },
  i: number,
  terms: readonly Term[],
  draft: Draft,
): void {
  const subject = terms[before(terms, i, TRANSPARENT)];
  const isCustomer = term.dimension === "customer";
  if (subject?.kind === "how-many") {
    draft.counted ??= term.dimension;
  } else if (subject?.kind === "which" || subject?.kind === "top") {
    pushNew(draft.dimensions, term.dimension);
    draft.listing ||= isCustomer;
  } else if (isCustomer) {
    draft.listing ||= terms.slice(0, i).every((t) => TRANSPARENT.has(t.kind)) && hasList(terms, i);
  } else if (term.plural && !["month", "quarter", "year"].includes(term.dimension)) {
    pushNew(draft.dimensions, term.dimension);
  } else if (hasList(terms, i) || terms.some((t) => t.kind === "customer")) {
    if (isAttribute(term.dimension)) pushNew(draft.attributes, term.dimension);
  }
}

function hasList(terms: readonly Term[], i: number): boolean {
  return terms.slice(0, i).some((t) => t.kind === "list" || t.kind === "which");
}

/** "by region and segment" groups; "by MRR" orders. */
function readBy(i: number, terms: readonly Term[], draft: Draft, handled: Set<number>): void {
  for (let k = i + 1; k < terms.length; k += 1) {
    const term = terms[k];
    if (term?.kind === "dimension") pushNew(draft.dimensions, term.dimension);
    else if (term?.kind === "grain") pushNew(draft.dimensions, term.dimension);
    else if (term?.kind === "measure") {
      pushNew(draft.measures, ...term.ids);
      draft.order_by ??= term.ids[0] ?? null;
    } else if (term?.kind !== "filler" && term?.kind !== "follow-up" && term?.kind !== "their") return;
    handled.add(k);
  }
}

function readTop(
  term: Term & { kind: "top" },
  i: number,
  terms: readonly Term[],
  draft: Draft,
  handled: Set<number>,
): void {
  draft.order ??= term.direction;
  for (const k of [i + 1, i - 1]) {
    const neighbour = terms[k];
    if (neighbour?.kind !== "number" || handled.has(k)) continue;
    draft.limit ??= neighbour.value;
    handled.add(k);
  }
}

/** "more than 3 open tickets", "MRR over 10k": the measure after the number counts, else the one before. */
function readComparison(
  op: Condition["op"],
  i: number,
  terms: readonly Term[],
  draft: Draft,
  handled: Set<number>,
): void {
  const at = terms.findIndex((t, k) => k > i && t.kind !== "filler");
  const number = terms[at];
  if (number?.kind !== "number") return;
  handled.add(at);
  const after = terms.slice(at + 1).find((t) => t.kind !== "filler" && t.kind !== "value");
  const earlier = terms.slice(0, i).findLast((t) => t.kind === "measure");
  const target = after?.kind === "measure" ? after : earlier;
  const id = target?.kind === "measure" ? target.ids[0] : undefined;
  if (id) draft.conditions.push({ measure: id, op, value: number.value });
}

/** "customers with overdue invoices", "without open tickets": conditions on customers, when customers are the subject. */
function readPossession(
  kind: "have" | "not",
  i: number,
  terms: readonly Term[],
  draft: Draft,
  handled: Set<number>,
): void {
  const aboutCustomers = terms.slice(0, i).some((t) => t.kind === "dimension" && t.dimension === "customer");
  if (!aboutCustomers) return;
  let negated = kind === "not";
  for (let k = i + 1; k < terms.length; k += 1) {
    const term = terms[k];
    if (term?.kind === "not") negated = true;
    else if (term?.kind === "measure" && COUNTABLE.has(term.ids[0] ?? "")) {
      const id = term.ids[0];
      if (id) draft.conditions.push({ measure: id, op: negated ? "=" : ">", value: 0 });
      handled.add(k);
    } else if (term?.kind === "value") continue;
    else if (term?.kind !== "filler" && term?.kind !== "follow-up") return;
  }
}

/** The index of the nearest earlier term that is not skipped; -1 at the start. */
function before(terms: readonly Term[], i: number, skipped: ReadonlySet<Role>): number {
  return terms.slice(0, i).findLastIndex((t) => !skipped.has(t.kind));
}

function isAttribute(id: DimensionId): id is AttributeId & DimensionId {
  return ["segment", "region", "country", "industry", "plan", "account_owner", "competitor"].includes(id);
}

/** Measures that say of a customer that something happened to it. */
export function isMembership(id: MeasureId): boolean {
  return measure(id).membership !== undefined;
}

function pushNew<T>(list: T[], ...items: T[]): void {
  for (const item of items) if (!list.includes(item)) list.push(item);
}
