/** Settles which figure a sum or a duration asks for: "the total of unpaid invoices", "how long to close a ticket". */
import type { Draft } from "./draft.ts";
import { measure, type MeasureId } from "./measures.ts";
import type { Term } from "./terms.ts";

/** What a count becomes when its value is asked for. */
const AMOUNTS: Partial<Record<MeasureId, MeasureId>> = {
  overdue_invoices: "overdue_amount",
  invoices: "invoiced_amount",
  customers: "mrr",
  renewals: "renewal_mrr",
};

/** What takes time, by what the question speaks of. */
const DURATIONS: Partial<Record<MeasureId, MeasureId>> = {
  tickets: "resolution_days",
  open_tickets: "resolution_days",
  mrr: "days_to_pay",
  paid_amount: "days_to_pay",
  invoices: "days_to_pay",
  overdue_invoices: "overdue_days",
};

/** "Which plan brings in the most money", "how much money is overdue". */
export function settleMoney(terms: readonly Term[], draft: Draft): void {
  if (!terms.some((term) => term.kind === "money")) return;
  const counted = draft.measures.find((id) => AMOUNTS[id] !== undefined);
  const amount = counted === undefined ? undefined : AMOUNTS[counted];
  if (counted !== undefined && amount !== undefined) replace(draft, counted, amount);
  else if (draft.order !== null && draft.measures.length + draft.conditions.length === 0)
    draft.measures.push("mrr");
}

export function settleSums(terms: readonly Term[], draft: Draft): void {
  const at = terms.findIndex((term) => term.kind === "sum");
  const later = terms.slice(at + 1).find((term) => term.kind === "measure")?.ids[0];
  const summed = later ?? draft.measures.find((id) => AMOUNTS[id] !== undefined);
  const amount = at < 0 || summed === undefined ? undefined : AMOUNTS[summed];
  if (summed !== undefined && amount !== undefined) replace(draft, summed, amount);
}

export function settleDurations(terms: readonly Term[], draft: Draft): void {
  if (!terms.some((term) => term.kind === "duration")) return;
  if (terms.some((term) => term.kind === "state" && term.state === "overdue")) {
    draft.measures = ["overdue_days"];
    return;
  }
  if (draft.measures.some((id) => measure(id).unit === "days")) return;
  const timed = draft.measures.find((id) => DURATIONS[id] !== undefined);
  const duration = timed === undefined ? undefined : DURATIONS[timed];
  if (timed !== undefined && duration !== undefined) replace(draft, timed, duration);
  else draft.unknown.push({ raw: "how long", capital: false });
}

function replace(draft: Draft, from: MeasureId, to: MeasureId): void {
  draft.measures = [...new Set(draft.measures.map((id) => (id === from ? to : id)))];
}
