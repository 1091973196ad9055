/** Settles, once a question is read, what its words mean only together. */
import { dimension, type DimensionId } from "../dimensions.ts";
import type { Draft } from "./draft.ts";
import { measure, type MeasureId } from "./measures.ts";
import type { Term } from "./terms.ts";

/** A verb, the customers that it counts, and the MRR that goes with them. */
const VERBS = [
  ["lose", "churned_customers", "churned_mrr"],
  ["win", "new_customers", "new_mrr"],
  ["renew", "renewals", "renewal_mrr"],
] as const;

/** What is counted where only the breakdown is named. */
const OWN_FIGURE: Partial<Record<DimensionId, MeasureId>> = {
  feature: "usage_events",
  ticket_category: "tickets",
  severity: "tickets",
  ticket_status: "tickets",
  invoice_status: "invoices",
  competitor: "customers",
};

/** "Which segment lost the most MRR" is about the MRR that was lost. */
export function settleVerbs(terms: readonly Term[], draft: Draft): void {
  for (const [verb, customers, mrr] of VERBS) {
    const at = terms.findIndex((term) => term.kind === "measure" && term.verb === verb);
    const money = terms.findIndex(
      (term) => term.kind === "measure" && (term.ids[0] === "mrr" || term.ids[0] === "revenue"),
    );
    // "MRR and renewals" are two figures.
    const isJoined = terms
      .slice(Math.min(at, money), Math.max(at, money))
      .some((term) => term.kind === "follow-up");
    if (at < 0 || isJoined || draft.counted === "customer") continue;
    const isMoney = draft.measures.some((id) => id === "mrr" || id === "revenue" || id === mrr);
    if (!isMoney) continue;
    const others = draft.measures.filter((id) => id !== customers && id !== "mrr" && id !== "revenue");
    draft.measures = [...new Set([mrr, ...others])];
  }
}

/** "Which feature is used most", "how many critical ones": what is counted goes without saying. */
export function nameOwnFigure(draft: Draft): void {
  if (draft.measures.length + draft.conditions.length + draft.attributes.length > 0) return;
  const filtered = draft.filters.filter(
    (f) => !f.values.includes("Reports") && f.dimension !== "ticket_category",
  );
  const named = [...draft.dimensions, ...filtered.map((f) => f.dimension)].find((d) => OWN_FIGURE[d]);
  const figure = named && OWN_FIGURE[named];
  const isAboutCustomers = draft.listing || draft.bareCustomers || draft.counted !== null;
  if (figure && !draft.startsAsFollowUp && !isAboutCustomers) draft.measures.push(figure);
}

/** "How many in each region", "how many insurers": customers, where nothing else is counted. */
export function countWhatIsNamed(terms: readonly Term[], draft: Draft): void {
  const figures = draft.measures.length + draft.conditions.length + draft.attributes.length;
  if (draft.counted !== null || figures > 0 || draft.startsAsFollowUp) return;
  const asked = terms.findIndex((term) => term.kind === "how-many");
  const next = terms.slice(asked + 1).find((term) => term.kind !== "filler" && term.kind !== "follow-up");
  if (asked < 0 || next === undefined) return;
  const isKind = next.kind === "value" && dimension(next.dimension).source === "customers";
  const hasNoun = terms.some((term) => term.kind === "dimension" && term.dimension === "customer");
  if (isKind || (next.kind === "by" && hasNoun)) draft.counted = "customer";
}

/** What somebody has or does, so that "who" asks for the customers. */
const OF_SOMEBODY: ReadonlySet<MeasureId> = new Set(["overdue_invoices", "open_tickets", "churned_customers", "new_customers", "renewals"]); // prettier-ignore

/** "Who has not paid yet": the customers with such invoices. */
export function listWho(terms: readonly Term[], draft: Draft): void {
  const first = terms.find((term) => term.kind !== "filler" && term.kind !== "follow-up");
  const isList = draft.measures.length > 0 && draft.measures.every((id) => OF_SOMEBODY.has(id));
  if (first?.kind !== "who" || !isList || draft.dimensions.length > 0 || draft.order !== null) return;
  draft.listing = true;
  for (const id of draft.measures) draft.conditions.push({ measure: id, op: ">", value: 0 });
  draft.measures = draft.measures.filter((id) => measure(id).membership === undefined);
}

/** "How much is overdue": the amount. */
export function nameOverdue(terms: readonly Term[], draft: Draft): void {
  const isSaid = terms.some((term) => term.kind === "state" && term.state === "overdue");
  const figures = [...draft.measures, ...draft.conditions.map((c) => c.measure)];
  if (isSaid && !figures.some((id) => id.startsWith("overdue"))) draft.measures.push("overdue_amount");
}
