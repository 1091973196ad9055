/** Fills in what a whole question leaves open: rows, grouping, order, limit. */
import type { DimensionId } from "../dimensions.ts";
import type { Draft } from "./draft.ts";
import { isMembership, measure, type AttributeId, type MeasureId } from "./measures.ts";
import type { Spec } from "./spec.ts";
import type { Slice } from "../slice.ts";

export const TIME: ReadonlySet<string> = new Set(["month", "quarter", "year"]);
const TICKET_ONLY: ReadonlySet<string> = new Set(["ticket_category", "severity", "ticket_status"]);
const LIST_COLUMNS: readonly AttributeId[] = ["segment", "region", "country", "plan"];
const PROFILE: readonly AttributeId[] = [
  "segment",
  "region",
  "country",
  "industry",
  "plan",
  "account_owner",
  "status",
];
const TOP_DEFAULT = 10; // prettier-ignore

/** What is counted where only the breakdown is named: "which feature is used most". */
export const OWN_FIGURE: Partial<Record<DimensionId, MeasureId>> = {
  feature: "usage_events",
  ticket_category: "tickets",
  severity: "tickets",
  ticket_status: "tickets",
  invoice_status: "invoices",
};

export function complete(draft: Draft): Spec {
  const spec: Spec = {
    measures: [...draft.measures],
    dimensions: [...draft.dimensions],
    attributes: [...draft.attributes],
    filters: relevantFilters(draft.filters, [...draft.measures, ...draft.conditions.map((c) => c.measure)]),
    customers: draft.customers,
    windows: draft.windows.map(({ from, to }) => ({ from, to })).toSorted((a, b) => a.from.localeCompare(b.from)),
    compare: draft.compare,
    conditions: [...draft.conditions],
    order: null,
    order_by: draft.order_by,
    limit: draft.limit,
    share: draft.roles.has("share"),
  };
  chooseRows(spec, draft);
  if (spec.conditions.some((c) => c.measure === "churned_customers")) swap(spec.measures, "mrr", "churned_mrr");
  groupByMentioned(spec, draft);
  orderRows(spec, draft);
  joinWindows(spec);
  return spec;
} // prettier-ignore

/** Decides between counting customers, listing them, and measuring something by customer. */
function chooseRows(spec: Spec, draft: Draft): void {
  if (draft.roles.has("when") && spec.customers.length > 0) showDates(spec);
  const figures = spec.measures.length + spec.conditions.length;
  if (draft.roles.has("average")) swap(spec.measures, "mrr", "mrr_per_customer");
  const isGrouped = draft.listing && draft.dimensions.length > 0 && !draft.dimensions.includes("customer");
  if (draft.counted === "customer" || isGrouped || (spec.share && figures === 0)) {
    if (isGrouped || !spec.measures.some(isMembership)) spec.measures.unshift("customers");
    spec.dimensions = spec.dimensions.filter((d) => d !== "customer");
  } else if (draft.listing || (draft.bareCustomers && draft.measures.length === 0)) listCustomers(spec, draft);
  else if (figures === 0 && spec.customers.length > 0 && spec.attributes.length === 0) {
    addAttributes(spec, PROFILE);
    spec.measures = ["mrr", "open_tickets", "overdue_invoices"];
  } else if (draft.counted !== null && figures === 0) {
    addDimension(spec, draft.counted);
    spec.measures = ["customers"];
  } else if (spec.measures.length === 0) {
    spec.measures = spec.conditions.map((c) => c.measure).filter((id) => !isMembership(id));
  }
  if (spec.measures.length === 0) spec.measures = spec.dimensions.flatMap((d) => OWN_FIGURE[d] ?? []).slice(0, 1);
  if (spec.share) groupShares(spec);
} // prettier-ignore

function listCustomers(spec: Spec, draft: Draft): void {
  addDimension(spec, "customer");
  const events = spec.measures.filter(isMembership);
  // "Customers with the most churned MRR" measures; "customers that churned" are a list.
  if (draft.order === null || events.length === spec.measures.length) {
    spec.measures = spec.measures.filter((id) => !events.includes(id));
    for (const id of events) {
      spec.conditions.push({ measure: id, op: ">", value: 0 });
      addAttributes(spec, measure(id).membership ?? []);
    }
  }
  if (spec.measures.length === 0) {
    if (events.length === 0) addAttributes(spec, LIST_COLUMNS);
    spec.measures = [moneyOf(spec)];
  }
  for (const { measure: id } of spec.conditions) {
    if (!isMembership(id) && !spec.measures.includes(id)) spec.measures.push(id);
  }
}

/** "When did they churn": the date in place of the count. */
function showDates(spec: Spec): void {
  for (const id of spec.measures.filter(isMembership))
    addAttributes(spec, measure(id).membership?.slice(-1) ?? []);
  spec.measures = spec.measures.filter((id) => !isMembership(id) && id !== "churn_rate_pct");
}

function moneyOf(spec: Spec): MeasureId {
  const events = spec.conditions.map((c) => c.measure);
  if (events.includes("churned_customers")) return "churned_mrr";
  return events.includes("renewals") ? "renewal_mrr" : "mrr";
}

/** "What share of MRR is in EMEA": all regions, so that there is a whole to have a share of. */
function groupShares(spec: Spec): void {
  const filter = spec.filters.findLast((f) => !f.negated);
  if (spec.dimensions.length > 0 || !filter) return;
  spec.dimensions = [filter.dimension];
  spec.filters = spec.filters.filter((f) => f !== filter);
}

/** Several values of one dimension, or named customers, are compared unless they are to be taken together. */
export function groupByMentioned(spec: Spec, draft: Draft): void {
  const counts = draft.counted !== null;
  if (!draft.roles.has("combined") && !counts) {
    const several = spec.filters.filter((f) => f.values.length > 1 && !f.negated);
    if (!spec.dimensions.includes("customer")) for (const f of several) addDimension(spec, f.dimension);
    const isOneCourse = spec.customers.length === 1 && spec.dimensions.some((d) => TIME.has(d));
    if (spec.customers.length > 0 && !isOneCourse) addDimension(spec, "customer");
  }
  if (spec.attributes.length > 0) addDimension(spec, "customer");
}

export function orderRows(spec: Spec, draft: Draft): void {
  const by = spec.order_by ?? spec.measures[0];
  const good = by ? (measure(by).better ?? "high") : "high";
  const bad = good === "high" ? "low" : "high";
  const asked = draft.order === "best" ? good : draft.order === "worst" ? bad : draft.order;
  const falling = draft.falling && asked !== null ? (asked === "high" ? "low" : "high") : draft.falling ? "low" : null;
  spec.order = falling ?? asked;
  const hasManyRows = spec.dimensions.some((d) => d === "customer" || d === "account_owner");
  if (draft.order !== null && spec.customers.length === 0 && hasManyRows) spec.limit ??= TOP_DEFAULT;
} // prettier-ignore

/** A course over time has one window, from the first to the last month that was named. */
function joinWindows(spec: Spec): void {
  if (spec.windows.length < 2 || !spec.dimensions.some((d) => TIME.has(d))) return;
  const months = spec.windows.flatMap((w) => [w.from, w.to]).sort();
  spec.windows = [{ from: months[0] ?? "", to: months.at(-1) ?? "" }];
}

/** "Billing" or "reports" are filters only beside tickets or usage. */
export function relevantFilters(filters: readonly Slice[], measures: readonly MeasureId[]): Slice[] {
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

function addDimension(spec: Spec, id: DimensionId): void {
  if (!spec.dimensions.includes(id)) spec.dimensions.push(id);
}

function addAttributes(spec: Spec, attributes: readonly AttributeId[]): void {
  spec.attributes = [...new Set([...attributes, ...spec.attributes])];
}
