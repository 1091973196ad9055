/** Turns a draft into a spec: fills in defaults, merges it into the last query when it is a follow-up, or asks back. */
import type { DimensionId } from "../dimensions.ts";
import { isMembership, type Draft } from "./draft.ts";
import { measure, type AttributeId, type MeasureId } from "./measures.ts";
import type { Filter, Spec } from "./spec.ts";

/** The last answered query of a conversation and the customers in its result. */
export interface Remembered {
  spec: Spec;
  customers: string[];
}

export type Interpretation = { spec: Spec } | { clarify: string } | { cannot: string };

const TIME: ReadonlySet<string> = new Set(["month", "quarter", "year"]);
const TICKET_ONLY: ReadonlySet<string> = new Set(["ticket_category", "severity", "ticket_status"]);
const TOP_DEFAULT = 10;

export function interpret(draft: Draft, last: Remembered | null): Interpretation {
  if (draft.roles.has("those") && last && last.customers.length > 0 && draft.customers.length === 0) {
    draft = { ...draft, customers: last.customers };
  }
  if (last && isFollowUp(draft)) return { spec: refine(draft, last.spec) };
  if (!saysAnything(draft)) return { clarify: askBack(draft) };
  return { spec: complete(draft) };
}

function isFollowUp(draft: Draft): boolean {
  const refines =
    draft.dimensions.length + draft.filters.length + draft.windows.length + draft.customers.length > 0 ||
    draft.conditions.length > 0 ||
    draft.order !== null ||
    draft.compare !== null;
  if (draft.roles.has("those") && draft.measures.length > 0) return false;
  if (
    draft.measures.length === 0 &&
    draft.counted === null &&
    !draft.listing &&
    draft.attributes.length === 0
  )
    return refines;
  return (
    draft.startsAsFollowUp &&
    !draft.listing &&
    draft.counted === null &&
    (refines || draft.measures.length > 0)
  );
}

function saysAnything(draft: Draft): boolean {
  const rows = draft.listing || draft.counted === "customer" || draft.customers.length > 0;
  if (draft.roles.has("vague") && draft.measures.length === 0) return false;
  return (
    draft.measures.length > 0 ||
    draft.conditions.length > 0 ||
    draft.attributes.length > 0 ||
    (rows && !isBare(draft))
  );
}

/** "Which customers are the best?" says neither what is counted nor which customers. */
function isBare(draft: Draft): boolean {
  return (
    draft.counted === null && draft.order !== null && draft.order !== "high" && draft.measures.length === 0
  );
}

function askBack(draft: Draft): string {
  const where = draft.filters.map((f) => f.values.join(", ")).join(", ");
  const about = where ? ` for ${where}` : "";
  return (
    `Which figure do you want to see${about}? For example MRR, churn rate, churned or new customers, usage events, ` +
    `open tickets, CSAT or overdue invoices, and for which period (such as last quarter, or by month).`
  );
}

function complete(draft: Draft): Spec {
  const spec: Spec = {
    measures: [...draft.measures],
    dimensions: [...draft.dimensions],
    attributes: [...draft.attributes],
    filters: relevantFilters(draft.filters, [...draft.measures, ...draft.conditions.map((c) => c.measure)]),
    customers: draft.customers,
    windows: draft.windows.map(({ from, to }) => ({ from, to })),
    compare: draft.compare,
    conditions: [...draft.conditions],
    order: null,
    order_by: draft.order_by,
    limit: draft.limit,
    share: draft.roles.has("share"),
  };
  countOrList(spec, draft);
  groupByMentioned(spec, draft);
  orderRows(spec, draft);
  joinWindows(spec);
  return spec;
}

/** A course over time has one window, from the first to the last month that was named. */
function joinWindows(spec: Spec): void {
  if (spec.windows.length < 2 || !spec.dimensions.some((d) => TIME.has(d))) return;
  const months = spec.windows.flatMap((w) => [w.from, w.to]).sort();
  spec.windows = [{ from: months[0] ?? "", to: months.at(-1) ?? "" }];
}

/** Decides between counting customers, listing them, and measuring something by customer. */
function countOrList(spec: Spec, draft: Draft): void {
  if (draft.roles.has("average")) swap(spec.measures, "mrr", "mrr_per_customer");
  if (draft.counted === "customer") {
    if (!spec.measures.some(isMembership)) spec.measures.unshift("customers");
    spec.dimensions = spec.dimensions.filter((d) => d !== "customer");
  } else if (draft.listing) {
    pushDimension(spec, "customer");
    const memberships = spec.measures.filter(isMembership);
    // "Customers with the most churned MRR" measures; "customers that churned" are a list.
    if (draft.order === null || memberships.length === spec.measures.length) {
      spec.measures = spec.measures.filter((id) => !memberships.includes(id));
      for (const id of memberships) {
        spec.conditions.push({ measure: id, op: ">", value: 0 });
        pushAttributes(spec, measure(id).membership ?? []);
      }
    }
    if (spec.attributes.length === 0 && spec.measures.length === 0)
      pushAttributes(spec, ["segment", "region", "country", "plan"]);
    if (spec.measures.length === 0)
      spec.measures = spec.conditions.some((c) => isMembership(c.measure)) ? membershipMrr(spec) : ["mrr"];
    for (const { measure: id } of spec.conditions)
      if (!isMembership(id) && !spec.measures.includes(id)) spec.measures.push(id);
  } else if (spec.measures.length === 0 && spec.conditions.length > 0) {
    spec.measures = spec.conditions.map((c) => c.measure).filter((id) => !isMembership(id));
  } else if (spec.measures.length === 0 && spec.customers.length > 0 && spec.attributes.length === 0) {
    pushAttributes(spec, ["segment", "region", "country", "industry", "plan", "account_owner", "status"]);
    spec.measures = ["mrr", "open_tickets", "overdue_invoices"];
  }
}

function membershipMrr(spec: Spec): MeasureId[] {
  if (spec.conditions.some((c) => c.measure === "churned_customers")) return ["churned_mrr"];
  return spec.conditions.some((c) => c.measure === "renewals") ? ["renewal_mrr"] : ["mrr"];
}

/** Several values of one dimension, or named customers, are compared unless they are to be taken together. */
function groupByMentioned(spec: Spec, draft: Draft): void {
  const together = draft.roles.has("combined");
  for (const filter of spec.filters) {
    const several = filter.values.length > 1 && !filter.negated;
    if (several && !together && draft.counted === null && !spec.dimensions.includes("customer"))
      pushDimension(spec, filter.dimension);
  }
  const grain = spec.dimensions.some((d) => TIME.has(d));
  const named = spec.customers.length;
  if (named > 0 && !together && !(named === 1 && grain)) {
    if (draft.counted === null) pushDimension(spec, "customer");
  }
  if (spec.attributes.length > 0) pushDimension(spec, "customer");
}

function orderRows(spec: Spec, draft: Draft): void {
  const by = spec.order_by ?? spec.measures[0];
  const good = by ? (measure(by).better ?? "high") : "high";
  const bad = good === "high" ? "low" : "high";
  spec.order = draft.order === "best" ? good : draft.order === "worst" ? bad : draft.order;
  const isSuperlative = draft.order !== null && spec.customers.length === 0;
  if (isSuperlative && spec.dimensions.some((d) => d === "customer" || d === "account_owner"))
    spec.limit ??= TOP_DEFAULT;
}

/** Keeps the last query but for what the follow-up names. */
function refine(draft: Draft, last: Spec): Spec {
  const spec: Spec = structuredClone(last);
  if (draft.measures.length > 0) {
    spec.measures = draft.roles.has("also")
      ? [...new Set([...last.measures, ...draft.measures])]
      : [...draft.measures];
    spec.order_by = null;
  }
  if (draft.dimensions.length > 0) spec.dimensions = mergeDimensions(draft, last);
  for (const filter of relevantFilters(draft.filters, spec.measures)) {
    spec.filters = [...spec.filters.filter((f) => f.dimension !== filter.dimension), filter];
    const isGrouped = last.filters.some((f) => f.dimension === filter.dimension && f.values.length > 1);
    if (isGrouped) spec.dimensions = spec.dimensions.filter((d) => d !== filter.dimension);
  }
  if (draft.customers.length > 0) spec.customers = draft.customers;
  if (draft.windows.length > 0) {
    spec.windows = draft.windows.map(({ from, to }) => ({ from, to }));
    spec.compare = draft.compare;
  }
  spec.compare = draft.compare ?? spec.compare;
  spec.conditions = [
    ...spec.conditions.filter((c) => !draft.conditions.some((d) => d.measure === c.measure)),
    ...draft.conditions,
  ];
  if (draft.limit !== null) spec.limit = draft.limit;
  spec.order_by = draft.order_by ?? spec.order_by;
  groupByMentioned(spec, draft);
  if (draft.order !== null) orderRows(spec, draft);
  if (!spec.dimensions.includes("customer")) spec.attributes = [];
  return spec;
}

/** "And by region?" replaces the grouping, but a course over time keeps its time. */
function mergeDimensions(draft: Draft, last: Spec): DimensionId[] {
  const isTime = draft.dimensions.every((d) => TIME.has(d));
  const kept = last.dimensions.filter((d) =>
    isTime ? !TIME.has(d) && d !== "customer" : draft.roles.has("also"),
  );
  return [...new Set([...kept, ...draft.dimensions])];
}

/** "Billing" or "reports" are filters only beside tickets or usage. */
function relevantFilters(filters: readonly Filter[], measures: readonly MeasureId[]): Filter[] {
  const facts = new Set(measures.map((id) => measure(id).fact));
  return filters.filter(({ dimension }) => {
    if (TICKET_ONLY.has(dimension)) return facts.has("support_tickets");
    return dimension !== "feature" || facts.has("usage") || facts.has("usage_change");
  });
}

function swap(measures: MeasureId[], from: MeasureId, to: MeasureId): void {
  const at = measures.indexOf(from);
  if (at >= 0) measures[at] = to;
}

function pushDimension(spec: Spec, id: DimensionId): void {
  if (!spec.dimensions.includes(id)) spec.dimensions.push(id);
}

function pushAttributes(spec: Spec, attributes: readonly AttributeId[]): void {
  spec.attributes = [...new Set([...spec.attributes, ...attributes])];
}
