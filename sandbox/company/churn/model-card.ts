/** What the churn model says about itself: data, quality, drivers, limits. */
import { money, type Column, type Table } from "../table.ts";
import { FEATURES } from "./features.ts";
import type { FittedModel } from "./fit.ts";
import type { Score, Scores } from "./scores.ts";

export const HORIZON =
  "I estimate, for every active customer, the probability of leaving within the next three months (October to December 2026), name what raises it, and add up the MRR at risk. I do not know other periods, reasons outside the data, or what an action would change.";

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
    `Scored today: ${ranked.length} active customers, MRR at risk ${money(ranked.reduce((sum, s) => sum + s.mrr_at_risk, 0))} USD.`,
    HORIZON,
  ].join("\n");
}

const COLUMNS: Column[] = [
  { name: "driver", type: "STRING" },
  { name: "weight", type: "DOUBLE" },
  { name: "features", type: "STRING" },
  { name: "meaning", type: "STRING" },
];

/** Drivers by the size of their coefficients; for a slice, by how many of its customers they push up. */
export function driverTable(model: FittedModel, pool: readonly Score[] = [], isSlice = false): Table {
  const drivers = [...new Set(FEATURES.map((f) => f.driver))].map((driver) => {
    const features = FEATURES.map((f, j) => ({ ...f, weight: model.weights[j] ?? 0 })).filter((f) => f.driver === driver);
    const affected = pool.filter((s) => s.drivers.some((d) => d.driver === driver));
    const own = features.reduce((sum, f) => sum + Math.abs(f.weight), 0);
    const mean = pool.reduce((sum, s) => sum + (s.drivers.find((d) => d.driver === driver)?.weight ?? 0), 0) / Math.max(1, pool.length);
    const meaning = features.map((f) => `${f.label} ${f.weight < 0 ? "lowers" : "raises"} the odds when it is high`).join("; ");
    const share = pool.length > 0 ? ` (raises the risk of ${affected.length} of ${pool.length} customers)` : "";
    return { driver, weight: isSlice ? mean : own, features: features.map((f) => f.name).join(", "), meaning: meaning + share };
  });
  return {
    title: "Drivers of churn",
    columns: COLUMNS,
    rows: drivers.toSorted((a, b) => b.weight - a.weight).map((d) => [d.driver, Number(d.weight.toFixed(3)), d.features, d.meaning]),
  };
} // prettier-ignore
