/** Fills in what a whole question leaves open: rows, grouping, order, limit. */
import { LAST_MONTH } from "../calendar.ts";
import { addNew, type Draft } from "./draft.ts";
import { measure, type MeasureId } from "./measures.ts";
import { shift } from "./periods.ts";
import { chooseRows } from "./rows.ts";
import type { Spec } from "./spec.ts";
import type { Slice } from "../slice.ts";
import type { TimeWindow } from "./time-phrases.ts";

export const TIME: ReadonlySet<string> = new Set(["month", "quarter", "year"]);
const TICKET_ONLY: ReadonlySet<string> = new Set(["ticket_category", "severity", "ticket_status"]);
const TOP_DEFAULT = 10;

export function complete(draft: Draft): Spec {
  const spec: Spec = {
    measures: [...draft.measures],
    dimensions: [...draft.dimensions],
    attributes: [...draft.attributes],
    filters: relevantFilters(draft.filters, [...draft.measures, ...draft.conditions.map((c) => c.measure)]),
    customers: draft.customers,
    windows: draft.windows
      .map((window) => (isComing(window, draft) ? shift(window, 12) : { from: window.from, to: window.to }))
      .toSorted((a, b) => a.from.localeCompare(b.from)),
    compare: draft.compare,
    conditions: [...draft.conditions],
    age: draft.age,
    absolute: draft.roles.has("absolute"),
    order: null,
    order_by: draft.order_by,
    limit: draft.limit,
    share: draft.roles.has("share"),
  };
  chooseRows(spec, draft);
  groupByMentioned(spec, draft);
  orderRows(spec, draft);
  joinWindows(spec);
  return spec;
}

/** "Renewals in Q4" can only be the next Q4. */
function isComing({ yearless, to }: TimeWindow, draft: Draft): boolean {
  const figures = [...draft.measures, ...draft.conditions.map((c) => c.measure)];
  return yearless && to <= LAST_MONTH && figures.some((id) => measure(id).fact === "renewals");
}

/** Several values of one dimension, or named customers, are compared unless they are to be taken together. */
export function groupByMentioned(spec: Spec, draft: Draft): void {
  const counts = draft.counted !== null;
  if (!draft.roles.has("combined") && !counts) {
    const several = spec.filters.filter((f) => f.values.length > 1 && !f.negated);
    if (!spec.dimensions.includes("customer")) for (const f of several) addNew(spec.dimensions, f.dimension);
    const isOneCourse = spec.customers.length === 1 && spec.dimensions.some((d) => TIME.has(d));
    if (spec.customers.length > 0 && !isOneCourse) addNew(spec.dimensions, "customer");
  }
  if (spec.attributes.length > 0) addNew(spec.dimensions, "customer");
}

export function orderRows(spec: Spec, draft: Draft): void {
  const by = spec.order_by ?? spec.measures[0];
  const good = by ? (measure(by).better ?? "high") : "high";
  const bad = good === "high" ? "low" : "high";
  const asked = draft.order === "best" ? good : draft.order === "worst" ? bad : draft.order;
  const falling =
    draft.falling && asked !== null ? (asked === "high" ? "low" : "high") : draft.falling ? "low" : null;
  spec.order = falling ?? asked;
  const hasManyRows = spec.dimensions.some((d) => d === "customer" || d === "account_owner");
  if (draft.order !== null && spec.customers.length === 0 && hasManyRows) spec.limit ??= TOP_DEFAULT;
}

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
