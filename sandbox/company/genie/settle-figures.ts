/** Settles averages, medians, ratios and shares: which figure is meant, and what it is a part of. */
import type { DimensionId } from "../dimensions.ts";
import type { Draft } from "./draft.ts";
import { measure, statistic, type MeasureId, type Statistic } from "./measures.ts";
import { Unanswerable, type Spec } from "./spec.ts";
import { hasGrain } from "./windows.ts";

/** What counts become where the question is about the size of one. */
export const SIZES: Partial<Record<MeasureId, MeasureId>> = {
  invoices: "invoiced_amount",
  overdue_invoices: "overdue_amount",
};

/** What a share without a breakdown is a part of. */
const WHOLES: Partial<Record<MeasureId, MeasureId>> = {
  overdue_invoices: "invoices",
  paid_invoices: "invoices",
  late_paid_invoices: "invoices",
  overdue_amount: "invoiced_amount",
  paid_amount: "invoiced_amount",
  written_off_amount: "invoiced_amount",
  open_tickets: "tickets",
};

/** "Median MRR", "average invoice"; the average of a count is taken per customer, over a course per month. */
export function takeStatistic(spec: Spec, asked: Statistic | null): void {
  // What a seat or a customer brings in is a figure of the month.
  const isOfNow = spec.per === "seats" || spec.per === "customers";
  if (isOfNow && spec.windows.length === 0)
    spec.measures = spec.measures.map((id) => (id === "revenue" ? "mrr" : id));
  // "The average MRR", then "and the median?".
  if (spec.per !== null || asked === "median")
    spec.measures = spec.measures.map((id) => (id === "mrr_per_customer" ? "mrr" : id));
  if (asked === null || spec.per !== null) return;
  if (hasGrain(spec) && spec.dimensions.length === 1 && asked === "average") {
    spec.dimensions = [];
    spec.per = "month";
    return;
  }
  spec.measures = spec.measures.map((id) => {
    if (asked === "average" && id === "mrr") return "mrr_per_customer";
    if (asked === "average" && measure(id).empty === "null") return id;
    const found = statistic(asked, SIZES[id] ?? id);
    if (found !== undefined) return found;
    if (asked === "average" && id !== "customers") spec.per = "customers";
    else
      throw new Unanswerable(`I can give ${measure(id).label} in total or by group, but no ${asked} of it.`);
    return id;
  });
}

/** "What share of enterprise customers is on Premier": the last that is said makes the part, the rest the whole. */
export function takeShare(spec: Spec, { filters, saidOfAll }: Draft): void {
  const ratio = spec.measures.map((id) => WHOLES[id]).find((id) => id !== undefined);
  if (spec.dimensions.length > 0) return;
  const conditions = spec.conditions.map((c) => c.measure);
  const last = filters.findLast((f) => spec.filters.some((own) => own.dimension === f.dimension));
  if (conditions.length > 0) spec.part = conditions;
  else if (ratio !== undefined && (saidOfAll || last === undefined)) spec.per = ratio;
  else if (last !== undefined) spec.part = [last.dimension];
}

/** The same question about everybody: without what makes the part. */
export function wholeOf(spec: Spec): Spec {
  const isWhole = (id: DimensionId | MeasureId) => !spec.part.includes(id);
  return {
    ...spec,
    filters: spec.filters.filter((f) => isWhole(f.dimension)),
    conditions: spec.conditions.filter((c) => isWhole(c.measure)),
  };
}
