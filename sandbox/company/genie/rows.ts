/** Decides what the rows of an answer are: a count, customers, or groups with figures. */
import { addNew, type Draft } from "./draft.ts";
import { isMembership, measure, type AttributeId, type MeasureId } from "./measures.ts";
import { Unanswerable, type Spec } from "./spec.ts";
import { hasGrain } from "./windows.ts";

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
  if (draft.roles.has("average")) takeAverage(spec);
  const isGrouped =
    (draft.listing || (draft.bareCustomers && figures === 0)) &&
    draft.dimensions.length > 0 &&
    !draft.dimensions.includes("customer");
  const hasRival = spec.filters.some((f) => f.dimension === "competitor");
  if (spec.dimensions.includes("competitor") && !hasRival)
    spec.filters.push({ dimension: "competitor", values: ["any"], negated: false });
  // "Who has the highest MRR?"
  if (draft.roles.has("who") && draft.order !== null && spec.dimensions.length === 0)
    spec.dimensions = ["customer"];
  if (draft.counted === "customer" || isGrouped || (spec.share && figures === 0)) {
    if (isGrouped || !spec.measures.some(isMembership)) spec.measures.unshift("customers");
    spec.dimensions = spec.dimensions.filter((d) => d !== "customer");
  } else if (draft.listing || (draft.bareCustomers && (draft.measures.length === 0 || draft.order !== null)))
    listCustomers(spec, draft);
  else if (figures === 0 && spec.customers.length > 0 && spec.attributes.length === 0) {
    addNew(spec.attributes, ...PROFILE);
    spec.measures = ["mrr", "open_tickets", "overdue_invoices"];
  } else if (draft.counted !== null && figures === 0) {
    addNew(spec.dimensions, draft.counted);
    spec.measures = ["customers"];
  } else if (spec.measures.length === 0) {
    spec.measures = spec.conditions.map((c) => c.measure).filter((id) => !isMembership(id));
  }
  // "What did customers in the UK pay in total" wants one figure, not one for each.
  const isTotal = draft.roles.has("in-total") && draft.order === null && spec.limit === null;
  if (isTotal && spec.measures.length > 0 && spec.customers.length === 0 && spec.attributes.length === 0)
    spec.dimensions = spec.dimensions.filter((d) => d !== "customer");
  if (spec.conditions.some((c) => c.measure === "churned_customers"))
    swap(spec.measures, "mrr", "churned_mrr");
  if (spec.share) groupShares(spec);
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

/** "What share of MRR is in EMEA": all regions, so that there is a whole to have a share of. */
function groupShares(spec: Spec): void {
  const filter = spec.filters.findLast((f) => !f.negated);
  if (spec.dimensions.length > 0 || !filter) return;
  spec.dimensions = [filter.dimension];
  spec.filters = spec.filters.filter((f) => f !== filter);
}

/** Sums and counts have no average here: giving the total in its place would answer something else. */
function takeAverage(spec: Spec): void {
  swap(spec.measures, "mrr", "mrr_per_customer");
  const total = spec.measures.map(measure).find((m) => m.empty === "zero");
  if (total !== undefined && !hasGrain(spec))
    throw new Unanswerable(`I can give ${total.label} in total or by group, but no average of it.`);
}

function swap(measures: MeasureId[], from: MeasureId, to: MeasureId): void {
  const at = measures.indexOf(from);
  if (at >= 0) measures[at] = to;
}
