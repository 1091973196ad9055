/** Settles, once a question is read, what its words mean only together. */
import { dimension, type DimensionId } from "../dimensions.ts";
import { addNew, type Draft } from "./draft.ts";
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
  const pointsBack = draft.roles.has("those");
  if (figure && !draft.startsAsFollowUp && !isAboutCustomers && !pointsBack) draft.measures.push(figure);
}

/** "How many in each region", "how many insurers": customers, where nothing else is counted. */
export function countWhatIsNamed(terms: readonly Term[], draft: Draft): void {
  const how = terms.findIndex((term) => term.kind === "how-many");
  const isLast =
    how >= 0 && terms.slice(how + 1).every((term) => term.kind === "filler" || term.kind === "have");
  const isPart = draft.roles.has("share") && draft.filters.length + draft.conditions.length > 0;
  if (isPart && draft.measures.length === 0 && !draft.startsAsFollowUp) draft.counted ??= "customer";
  if (isLast && (draft.bareCustomers || draft.listing)) draft.counted ??= "customer";
  const figures = draft.measures.length + draft.conditions.length + draft.attributes.length;
  if (draft.counted !== null || figures > 0 || draft.startsAsFollowUp) return;
  if (draft.dimensions.length === 0) draft.listing ||= namesKind(terms);
  const asked = terms.findIndex((term) => term.kind === "how-many");
  const next = terms.slice(asked + 1).find((term) => term.kind !== "filler" && term.kind !== "follow-up");
  if (asked < 0 || next === undefined) return;
  const isKind = next.kind === "value" && dimension(next.dimension).source === "customers";
  const hasNoun = terms.some((term) => term.kind === "dimension" && term.dimension === "customer");
  if (isKind || (next.kind === "by" && hasNoun)) draft.counted = "customer";
}

/** "Who handles the most accounts": the account owners, by their number of customers. */
export function rankOwners(terms: readonly Term[], draft: Draft): void {
  const isOwner =
    terms.some((term) => term.kind === "owner-verb") && terms.some((term) => term.kind === "who");
  if (!isOwner) return;
  if (draft.order === null) return addNew(draft.attributes, "account_owner");
  draft.dimensions = ["account_owner"];
  draft.listing = false;
  if (draft.measures.length === 0) draft.measures = ["customers"];
}

/** "How many customers are in arrears": those with overdue invoices; "and overdue invoices" would be a second figure. */
export function countHaving(terms: readonly Term[], draft: Draft): void {
  if (draft.counted !== "customer" || draft.dimensions.length > 0) return;
  const isJoined = terms.some(
    (t) => t.afterBreak || (t.kind === "follow-up" && t.raw.toLowerCase() === "and"),
  );
  if (
    isJoined ||
    draft.statistic !== null ||
    draft.per !== null ||
    !draft.measures.every((id) => measure(id).standing)
  )
    return;
  for (const id of draft.measures) draft.conditions.push({ measure: id, op: ">", value: 0 });
  draft.measures = [];
}

/** "Show all insurers", "which banks": customers of a kind. */
function namesKind(terms: readonly Term[]): boolean {
  const at = terms.findIndex((term) => term.kind === "list" || term.kind === "which");
  const next = terms.slice(at + 1).find((term) => term.kind !== "filler");
  const isPlural =
    next?.kind === "value" && next.raw.endsWith("s") && dimension(next.dimension).source === "customers";
  return at >= 0 && isPlural;
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

/** States and figures that are said of all the others: "what share of invoices is overdue". */
const SAID: ReadonlySet<string> = new Set(["paid_invoices", "late_paid_invoices"]);
const IS = /\b(?:is|are|was|were)\b/i;

/** Whether a share is of the same things in another state, not of a part of the customers. */
export function isSaidOfAll(terms: readonly Term[]): boolean {
  return terms.some((term, i) => {
    if (term.kind === "state") return IS.test(terms[i - 1]?.raw ?? "");
    return term.kind === "measure" && (IS.test(term.raw) || SAID.has(term.ids[0] ?? ""));
  });
}

/** "How much is overdue": the amount; "how many critical tickets are still open": the open ones. */
export function nameState(terms: readonly Term[], draft: Draft): void {
  // "Tickets that customers open" is a verb.
  const isOpen = terms.some(
    (term, i) =>
      term.kind === "state" &&
      term.state === "open" &&
      /^(?:is|are|still|remain|currently)$/i.test(terms[i - 1]?.raw ?? ""),
  );
  if (isOpen && !draft.measures.includes("open_tickets"))
    draft.measures = draft.measures.map((id) => (id === "tickets" ? "open_tickets" : id));
  const isSaid = terms.some((term) => term.kind === "state" && term.state === "overdue");
  const figures = [...draft.measures, ...draft.conditions.map((c) => c.measure)];
  if (isSaid && !figures.some((id) => id.startsWith("overdue"))) draft.measures.push("overdue_amount");
}
