/** Decides what the rows of an answer are: a count, customers, or groups with figures. */
import { addNew, type Draft } from "./draft.ts";
import { FACTS, isMembership, measure, statistic, type AttributeId, type MeasureId } from "./measures.ts";
import { SIZES, takeShare, takeStatistic } from "./settle-figures.ts";
import type { Spec } from "./spec.ts";

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
/** Decides between counting customers, listing them, and measuring something by customer. */
export function chooseRows(spec: Spec, draft: Draft): void {
  if (draft.roles.has("when") && spec.customers.length > 0) showDates(spec);
  const figures = spec.measures.length + spec.conditions.length;
  const isGrouped =
    (draft.listing || (draft.bareCustomers && figures === 0)) &&
    draft.dimensions.length > 0 &&
    !draft.dimensions.includes("customer");
  const hasRival = spec.filters.some((f) => f.dimension === "competitor");
  if (spec.dimensions.includes("competitor") && !hasRival)
    spec.filters.push({ dimension: "competitor", values: ["any"], negated: false });
  // "More in Q2 or in Q1?" compares two columns.
  if (draft.comparative && spec.windows.length > 1) compareOnly(spec, draft);
  // "Who has the highest MRR?", "the highest MRR".
  if (draft.order !== null && spec.dimensions.length === 0 && !draft.comparative) rankRows(spec, draft);
  if (draft.counted === "customer" || isGrouped || (spec.share && figures === 0)) {
    if (isGrouped || !spec.measures.some(isMembership)) spec.measures.unshift("customers");
    spec.dimensions = spec.dimensions.filter((d) => d !== "customer");
  } else if (draft.listing || (draft.bareCustomers && (draft.measures.length === 0 || draft.order !== null)))
    listCustomers(spec, draft);
  else if (figures === 0 && spec.customers.length > 0 && spec.attributes.length === 0) {
    addNew(spec.attributes, ...PROFILE);
    spec.measures = ["mrr", "open_tickets", "overdue_invoices"];
  } else if (draft.counted !== null && spec.measures.length === 0) {
    addNew(spec.dimensions, draft.counted);
    spec.measures = figures === 0 ? ["customers"] : spec.conditions.map((c) => c.measure);
  } else if (spec.measures.length === 0) {
    const figures = spec.conditions.filter((c) => !isMembership(c.measure) || c.value > 0);
    spec.measures = figures.map((c) => c.measure);
  }
  // "What did customers in the UK pay in total" wants one figure, not one for each.
  const isTotal = draft.roles.has("in-total") && draft.order === null && spec.limit === null;
  if (isTotal && spec.measures.length > 0 && spec.customers.length === 0 && spec.attributes.length === 0)
    spec.dimensions = spec.dimensions.filter((d) => d !== "customer");
  if (spec.conditions.some((c) => c.measure === "churned_customers"))
    swap(spec.measures, "mrr", "churned_mrr");
  takeStatistic(spec, draft.statistic);
  if (spec.share) takeShare(spec, draft);
}

/** The extreme of a figure is a customer's, or that of a single invoice or ticket. */
function rankRows(spec: Spec, draft: Draft): void {
  const [id] = spec.measures;
  if (id === undefined || draft.counted !== null) return;
  const extreme = statistic(draft.order === "low" ? "smallest" : "largest", SIZES[id] ?? id);
  const isOwn =
    draft.roles.has("who") ||
    FACTS[measure(id).fact].time === "stock" ||
    id === "open_tickets" ||
    id === "overdue_amount";
  if (isOwn) {
    spec.dimensions = ["customer"];
    draft.single = draft.limit === null;
  } else if (extreme !== undefined) {
    spec.measures[0] = extreme;
    draft.order = null;
  }
}

function compareOnly(spec: Spec, draft: Draft): void {
  Object.assign(draft, { order: null, listing: false, bareCustomers: false });
  spec.dimensions = spec.dimensions.filter((d) => d !== "customer");
  if (spec.measures.length === 0) spec.measures = ["customers"];
}

function listCustomers(spec: Spec, draft: Draft): void {
  addNew(spec.dimensions, "customer");
  const events = spec.measures.filter(isMembership);
  // "Customers with the most churned MRR" measures; "customers that churned" are a list.
  if (draft.order === null || events.length === spec.measures.length) {
    spec.measures = spec.measures.filter((id) => !events.includes(id));
    for (const id of events) {
      spec.conditions.push({ measure: id, op: ">", value: 0 });
      addNew(spec.attributes, ...(measure(id).membership ?? []));
    }
  }
  if (spec.measures.length === 0) {
    if (events.length === 0) addNew(spec.attributes, ...LIST_COLUMNS);
    spec.measures = [moneyOf(spec)];
  }
  for (const { measure: id } of spec.conditions) {
    if (!isMembership(id) && !spec.measures.includes(id)) spec.measures.push(id);
  }
}

/** "When did they churn": the date in place of the count. */
function showDates(spec: Spec): void {
  for (const id of spec.measures.filter(isMembership))
    addNew(spec.attributes, ...(measure(id).membership?.slice(-1) ?? []));
  spec.measures = spec.measures.filter((id) => !isMembership(id) && id !== "churn_rate_pct");
}

function moneyOf(spec: Spec): MeasureId {
  const events = spec.conditions.map((c) => c.measure);
  if (events.includes("churned_customers")) return "churned_mrr";
  return events.includes("renewals") ? "renewal_mrr" : "mrr";
}

function swap(measures: MeasureId[], from: MeasureId, to: MeasureId): void {
  const at = measures.indexOf(from);
  if (at >= 0) measures[at] = to;
}
