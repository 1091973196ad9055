/** Fills in what a whole question leaves open: rows, grouping, order, limit. */
import { LAST_MONTH, type Months } from "../calendar.ts";
import { addNew, type Draft } from "./draft.ts";
import { FACTS, isAttribute, isMeasure, measure, type MeasureId } from "./measures.ts";
import { latest, shift } from "./periods.ts";
import { chooseRows } from "./rows.ts";
import type { Spec } from "./spec.ts";
import type { Slice } from "../slice.ts";
import type { TimeWindow } from "./time-phrases.ts";

export const TIME: ReadonlySet<string> = new Set(["month", "quarter", "year"]);
const TICKETS: ReadonlySet<string> = new Set(["support_tickets", "closings"]);
const TICKET_ONLY: ReadonlySet<string> = new Set(["ticket_category", "severity", "ticket_status"]);
const TOP_DEFAULT = 10;

export function complete(draft: Draft): Spec {
  const spec: Spec = {
    measures: [...draft.measures],
    dimensions: [...draft.dimensions],
    attributes: [...draft.attributes],
    filters: relevantFilters(draft.filters, [...draft.measures, ...draft.conditions.map((c) => c.measure)]),
    customers: draft.customers,
    windows: windowsOf(draft),
    compare: isFromTo(draft) ? null : draft.compare,
    conditions: [...draft.conditions],
    age: draft.age,
    absolute: draft.roles.has("absolute"),
    order: null,
    order_by: draft.order_by,
    limit: draft.limit,
    skip: draft.place === null ? 0 : draft.place - 1,
    ranked: draft.ranked,
    share: draft.roles.has("share"),
    part: [],
    biggest: null,
    per: draft.per,
  };
  showWhatIsAsked(spec, draft);
  chooseRows(spec, draft);
  groupByMentioned(spec, draft);
  orderRows(spec, draft);
  joinWindows(spec);
  sumBiggest(spec, draft);
  return spec;
}

/** "Is Otterquarry Press on Premier?" asks for its plan. */
function showWhatIsAsked(spec: Spec, { measures, conditions }: Draft): void {
  if (spec.customers.length === 0 || measures.length + conditions.length > 0) return;
  const asked = spec.filters.flatMap(({ dimension: id }) => (isAttribute(id) ? [id] : []));
  addNew(spec.attributes, ...asked);
  spec.filters = spec.filters.filter(({ dimension: id }) => !isAttribute(id));
}

function windowsOf(draft: Draft): Months[] {
  const [first] = draft.windows;
  const windows: Months[] =
    isFromTo(draft) && first ? first.ends : draft.windows.map((w) => inTime(w, draft));
  return windows.toSorted((a, b) => a.from.localeCompare(b.from));
}

function inTime(window: TimeWindow, draft: Draft): Months {
  const { from, to, days, ago } = window;
  if (isComing(window, draft)) return shift({ from, to, days }, 12);
  const isStock = draft.measures.some((id) => FACTS[measure(id).fact].time === "stock");
  return ago !== null && isStock ? shift(latest(1), -ago) : { from, to, days };
}

/** "The change between January and June": of the one against the other. */
function isFromTo({ windows, compare, roles, dimensions }: Draft): boolean {
  const isChange = compare !== null || roles.has("versus") || roles.has("absolute");
  return (
    isChange && windows.length === 1 && windows[0]?.ends.length === 2 && !dimensions.some((d) => TIME.has(d))
  );
}

/** "What the ten biggest customers bring in together", "make up of MRR": one sum. */
function sumBiggest(spec: Spec, { roles }: Draft): void {
  const isSum = roles.has("combined") || roles.has("in-total") || spec.share;
  const isRanking = spec.order === "high" && spec.limit !== null && spec.customers.length === 0;
  if (!isSum || !isRanking || !spec.dimensions.includes("customer")) return;
  Object.assign(spec, { biggest: spec.limit, limit: null, attributes: [] });
  spec.dimensions = spec.dimensions.filter((d) => d !== "customer");
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
    const several = spec.filters.filter(
      (f) =>
        f.values.length > 1 &&
        !f.negated &&
        !spec.part.includes(f.dimension) &&
        !draft.either.has(f.dimension),
    );
    if (!spec.dimensions.includes("customer")) for (const f of several) addNew(spec.dimensions, f.dimension);
    const isOneCourse = spec.customers.length === 1 && spec.dimensions.some((d) => TIME.has(d));
    if (spec.customers.length > 0 && !isOneCourse) addNew(spec.dimensions, "customer");
  }
  if (spec.attributes.length > 0) addNew(spec.dimensions, "customer");
}

export function orderRows(spec: Spec, draft: Draft): void {
  const by = spec.order_by ?? spec.measures[0];
  const good = (by && isMeasure(by) && measure(by).better) || "high";
  const bad = good === "high" ? "low" : "high";
  const asked = draft.order === "best" ? good : draft.order === "worst" ? bad : draft.order;
  const falling =
    draft.falling && asked !== null ? (asked === "high" ? "low" : "high") : draft.falling ? "low" : null;
  spec.order = falling ?? asked;
  const isList = draft.order !== null && (spec.customers.length === 0 || draft.single);
  if (isList && spec.dimensions.includes("customer")) spec.limit ??= draft.single ? 1 : TOP_DEFAULT;
  else if (isList && spec.dimensions.includes("account_owner")) spec.limit ??= TOP_DEFAULT;
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
    if (TICKET_ONLY.has(dimension)) return [...facts].some((fact) => TICKETS.has(fact));
    return dimension !== "feature" || facts.has("usage") || facts.has("usage_change");
  });
}
