/** What the churn model says about itself: data, quality, drivers, limits. */
import { money, sumOf, tableOf, type Table } from "../table.ts";
import { FEATURES } from "./features.ts";
import type { FittedModel } from "./fit.ts";
import type { Score, Scores } from "./scores.ts";

export const HORIZON_WORDS = "the next quarter (October to December 2026)";
export const HORIZON =
  "I estimate, for every active customer, the probability of leaving in the next quarter (October to December 2026), name what raises it, and add up the MRR at risk. I do not know other periods, reasons outside the data, or what an action would change.";

export function modelCard(model: FittedModel): Record<string, string | number> {
  return {
    kind: "logistic regression",
    auc: Number(model.auc.toFixed(3)),
    trained_on: model.trained_on,
    training_rows: model.training_rows,
    training_churners: model.training_churners,
    held_out_rows: model.held_out_rows,
    held_out_churners: model.held_out_churners,
    horizon: "2026-10-01 to 2026-12-31",
    scored_on: "2026-09-30",
  };
}

export function aboutModel({ model, ranked }: Scores): string {
  const names = FEATURES.map((f) => f.label).join("; ");
  return [
    `I am a logistic regression over ${FEATURES.length} standardised features: ${names}.`,
    `Trained on ${model.trained_on} (${model.training_rows} rows, ${model.training_churners} of them churners; one stayer in four is kept and the intercept corrected for it).`,
    `Held-out AUC ${model.auc.toFixed(3)} on ${model.held_out_rows} rows of customers that were not in the training, ${model.held_out_churners} of them churners.`,
    `Scored today: ${ranked.length} active customers, MRR at risk ${money(sumOf(ranked, (s) => s.mrr_at_risk))} USD.`,
    HORIZON,
  ].join("\n");
}

/** Drivers by the size of their coefficients; of a slice, by what they add to its customers' log odds on average. */
export function driverTable(model: FittedModel, pool: readonly Score[] = [], isSlice = false): Table {
  const drivers = [...new Set(FEATURES.map((f) => f.driver))].map((driver) => {
    const own = FEATURES.flatMap((f, j) =>
      f.driver === driver ? [{ ...f, weight: model.weights[j] ?? 0 }] : [],
    );
    const parts = pool.flatMap((s) => s.drivers.find((d) => d.driver === driver)?.weight ?? []);
    const mean = sumOf(parts, (part) => part) / Math.max(1, pool.length);
    const affected =
      pool.length > 0 ? ` (raises the risk of ${parts.length} of ${pool.length} customers)` : "";
    const meaning = own
      .map((f) => `${f.label} ${f.weight < 0 ? "lowers" : "raises"} the odds when it is high`)
      .join("; ");
    const weight = isSlice ? mean : sumOf(own, (f) => Math.abs(f.weight));
    return [driver, Number(weight.toFixed(3)), own.map((f) => f.name).join(", "), meaning + affected];
  });
  const rows = drivers.toSorted((a, b) => Number(b[1]) - Number(a[1]));
  return tableOf("Drivers of churn", "driver:STRING weight:DOUBLE features:STRING meaning:STRING", rows);
}

export function quality({ model }: Scores): string {
  return `Logistic regression; held-out AUC ${model.auc.toFixed(3)} on ${model.held_out_rows} customer quarters that it was not trained on.`;
}
