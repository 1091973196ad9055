/** Parses terms into a draft: what this question alone says, before defaults and before earlier questions. */
import type { DimensionId } from "../dimensions.ts";
import { isMembership, type AttributeId, type MeasureId } from "./measures.ts";
import type { Condition } from "./spec.ts";
import type { Slice } from "../slice.ts";
import type { Term } from "./terms.ts";
import type { TimeWindow } from "./time-phrases.ts";

type Role = Term["kind"];

export interface Draft {
  measures: MeasureId[];
  dimensions: DimensionId[];
  attributes: AttributeId[];
  filters: Slice[];
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
  /** The question begins with "customers …". */
  bareCustomers: boolean;
  /** A decline is asked for: the most of it is the lowest change. */
  falling: boolean;
  /** Kinds of grammar words that occur. */
  roles: ReadonlySet<Role>;
  startsAsFollowUp: boolean;
  unknown: { raw: string; capital: boolean }[];
}

/** Terms between a subject word ("which", "top 5") and its noun. */
const TRANSPARENT: ReadonlySet<Role> = new Set(["value", "number", "filler", "not", "customer", "attribute", "list", "vague", "follow-up", "their", "average"]); // prettier-ignore
const COUNTABLE: ReadonlySet<string> = new Set(["tickets", "open_tickets", "overdue_invoices", "invoices", "overdue_amount", "usage_events", "written_off_amount"]); // prettier-ignore

/** "Open critical tickets", "overdue enterprise invoices". */
const STANDING: Partial<Record<string, MeasureId>> = {
  "open tickets": "open_tickets",
  "overdue invoices": "overdue_invoices",
};
const FLIPPED = { ">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "=" } as const;

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
    bareCustomers: false,
    falling: false,
    roles,
    startsAsFollowUp: terms[0]?.kind === "follow-up" || terms[0]?.kind === "also",
    unknown: [],
  };
  const handled = new Set<number>();
  for (const [i, term] of terms.entries()) {
    if (!handled.has(i)) read(term, i, terms, draft, handled);
  }
  draft.conditions = draft.conditions.filter(
    (c, i, all) => all.findLastIndex((o) => o.measure === c.measure) === i,
  );
  draft.measures = draft.measures.filter((id) => !draft.conditions.some((c) => c.measure === id));
  return draft;
}

function read(term: Term, i: number, terms: readonly Term[], draft: Draft, handled: Set<number>): void {
  switch (term.kind) {
    case "measure":
      return readMeasure(term, i, terms, draft);
    case "time":
      return void draft.windows.push(term.window);
    case "customer":
      return pushNew(draft.customers, term.name);
    case "attribute":
      return pushNew(draft.attributes, term.attribute);
    case "grain":
      pushNew(draft.dimensions, term.dimension);
      return readBy(i, terms, draft, handled, false);
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
      return readBy(i, terms, draft, handled, true);
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

/** "Churn" alone is rate and count; beside another figure about churn it only names the subject, as tickets may do. */
function readMeasure(
  term: Term & { kind: "measure" },
  i: number,
  terms: readonly Term[],
  draft: Draft,
): void {
  if (term.ids[0] === "tickets" && isSubjectOfFigure(i, terms)) return;
  if (isClauseOfCustomers(term, i, terms))
    return void draft.conditions.push({ measure: term.ids[0] ?? "customers", op: ">", value: 0 });
  const state = terms[before(terms, i, new Set(["value", "filler", "dimension"]))];
  const standing = state?.kind === "state" ? STANDING[`${state.state} ${term.ids[0]}`] : undefined;
  if (standing) return pushNew(draft.measures, standing);
  const isOther = (t: Term) =>
    t.kind === "measure" && t.ids.length === 1 && t.ids.some((id) => id.includes("churn"));
  if (term.ids.length === 1 || !terms.some(isOther)) pushNew(draft.measures, ...term.ids);
  draft.falling ||= term.falling;
}

/** "MRR of the customers that churned": the clause picks customers for an earlier figure. */
function isClauseOfCustomers(term: Term & { kind: "measure" }, i: number, terms: readonly Term[]): boolean {
  const noun = terms[before(terms, i, new Set(["filler", "follow-up", "which"]))];
  const isAfterFigure = terms.slice(0, i).some((t) => t.kind === "measure");
  return (
    term.ids.some(isMembership) &&
    isAfterFigure &&
    noun?.kind === "dimension" &&
    noun.dimension === "customer"
  );
}

/** "Resolution time of critical tickets" asks for one figure. */
function isSubjectOfFigure(i: number, terms: readonly Term[]): boolean {
  const isFigure = (t: Term) =>
    t.kind === "measure" && (t.ids[0] === "csat" || t.ids[0] === "resolution_days");
  const previous = terms[i - 1]?.kind;
  const counted = terms[before(terms, i, new Set(["value", "filler"]))]?.kind === "how-many";
  return !counted && (previous === "filler" || previous === "value") && terms.slice(0, i).some(isFigure);
}

function readValue(term: Term & { kind: "value" }, i: number, terms: readonly Term[], draft: Draft): void {
  const negated = terms[before(terms, i, new Set(["filler", "value", "follow-up"]))]?.kind === "not";
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
  const isPlain = isAttribute(term.dimension) && !term.plural;
  if (isPlain && terms.some((t) => t.kind === "customer")) {
    pushNew(draft.attributes, term.dimension);
  } else if (subject?.kind === "how-many") {
    draft.counted ??= term.dimension;
  } else if (subject?.kind === "which" || subject?.kind === "top") {
    pushNew(draft.dimensions, term.dimension);
    draft.listing ||= isCustomer;
    draft.limit ??= countBefore(terms, i);
  } else if (countBefore(terms, i) !== null && terms.some((t) => t.kind === "top")) {
    pushNew(draft.dimensions, term.dimension);
    draft.listing ||= isCustomer;
    draft.limit ??= countBefore(terms, i);
  } else if (isCustomer) {
    const isFirst = terms.slice(0, i).every((t) => TRANSPARENT.has(t.kind) || t.kind === "share");
    draft.listing ||= isFirst && hasList(terms, i);
    draft.bareCustomers ||= isFirst;
  } else if (term.plural && !["month", "quarter", "year"].includes(term.dimension)) {
    pushNew(draft.dimensions, term.dimension);
  } else if (isPlain && draft.listing && !isNamedByValue(term.dimension, i, terms)) {
    pushNew(draft.attributes, term.dimension);
  }
}

/** "The energy industry", "on the Premier plan": the noun only explains the value before it. */
function isNamedByValue(id: DimensionId, i: number, terms: readonly Term[]): boolean {
  const earlier = terms[before(terms, i, new Set(["filler"]))];
  return earlier?.kind === "value" && earlier.dimension === id;
}

/** The number of "5 account owners", "ten enterprise customers". */
function countBefore(terms: readonly Term[], i: number): number | null {
  const earlier = terms[before(terms, i, new Set(["filler", "value", "top"]))];
  return earlier?.kind === "number" ? earlier.value : null;
}

function hasList(terms: readonly Term[], i: number): boolean {
  return terms.slice(0, i).some((t) => t.kind === "list" || t.kind === "which");
}

/** "by region and segment" groups; "by MRR" orders. */
function readBy(
  i: number,
  terms: readonly Term[],
  draft: Draft,
  handled: Set<number>,
  mayOrder: boolean,
): void {
  for (let k = i + 1; k < terms.length; k += 1) {
    const term = terms[k];
    if (term?.kind === "dimension") pushNew(draft.dimensions, term.dimension);
    else if (term?.kind === "grain") pushNew(draft.dimensions, term.dimension);
    else if (term?.kind === "measure" && mayOrder) {
      readMeasure(term, k, terms, draft);
      draft.order_by ??= term.ids[0] ?? null;
    } else if (
      term?.kind === "filler" ? k > i + 1 && terms[k - 1]?.kind !== "follow-up" : term?.kind !== "follow-up"
    )
      return;
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
  // "Top 10 by usage, lowest first": the more special word wins.
  if (draft.order === null || term.direction !== "high") draft.order = term.direction;
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
  if (!id || target?.kind !== "measure") return;
  draft.conditions.push(
    target.falling
      ? { measure: id, op: FLIPPED[op], value: -number.value }
      : { measure: id, op, value: number.value },
  );
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
  const before = draft.conditions.length;
  for (let k = i + 1; k < terms.length; k += 1) {
    const term = terms[k];
    if (term?.kind === "not") negated = true;
    else if (term?.kind === "measure" && (term.falling || COUNTABLE.has(term.ids[0] ?? ""))) {
      const id = term.ids[0];
      if (id) draft.conditions.push({ measure: id, op: term.falling ? "<" : negated ? "=" : ">", value: 0 });
      handled.add(k);
    } else if (term?.kind === "value") continue;
    else if (term?.kind !== "filler" && (term?.kind !== "follow-up" || draft.conditions.length === before))
      return;
  }
}

/** The index of the nearest earlier term that is not skipped; -1 at the start. */
function before(terms: readonly Term[], i: number, skipped: ReadonlySet<Role>): number {
  return terms.slice(0, i).findLastIndex((t) => !skipped.has(t.kind));
}

function isAttribute(id: DimensionId): id is AttributeId & DimensionId {
  return ["segment", "region", "country", "industry", "plan", "account_owner", "competitor"].includes(id);
}

function pushNew<T>(list: T[], ...items: T[]): void {
  for (const item of items) if (!list.includes(item)) list.push(item);
}
