/** Fits the churn model: logistic regression over standardised features, judged on customers it never saw. */
import { DuckDBDecimalValue, type DuckDBConnection } from "@duckdb/node-api";
import { Matrix } from "ml-matrix";
import LogisticRegression from "ml-logistic-regression";
import { TODAY } from "../calendar.ts";
import type { Finish } from "../data/warehouse.ts";
import { FEATURES, featureSql } from "./features.ts";

/** Days on which customers are looked at; each is followed by three months in which they leave or stay. */
const SNAPSHOTS = ["2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30"];
const STEPS = 300;
/** One stayer in so many is kept for training; the intercept is corrected for it (prior correction). */
const STAYER_SHARE = 4;

export interface Sample {
  x: number[];
  left: boolean;
}

/** Everything needed to score and to describe the model; kept in the company's database. */
export interface FittedModel {
  weights: number[];
  intercept: number;
  means: number[];
  deviations: number[];
  auc: number;
  trained_on: string;
  training_rows: number;
  training_churners: number;
  held_out_rows: number;
  held_out_churners: number;
}

/** The model as the last step of making the database. */
export const CHURN_MODEL: Finish = {
  version: JSON.stringify([SNAPSHOTS, STEPS, STAYER_SHARE, featureSql(TODAY)]),
  run: fitChurnModel,
};

/** Fits on seven customers of ten, measures on the other three, and stores model and today's features. */
async function fitChurnModel(connection: DuckDBConnection): Promise<void> {
  const training: Sample[] = [];
  const heldOut: Sample[] = [];
  for (const day of SNAPSHOTS) {
    const rows = (await connection.runAndReadAll(featureSql(day))).getRowsJS();
    for (const [id, left, , ...x] of rows) {
      const sample = { x: x.map(Number), left: left === true };
      const draw = (Number(id) * 7_919) % 1_000;
      if (draw >= 700) heldOut.push(sample);
      else if (sample.left || draw % STAYER_SHARE === 0) training.push(sample);
    }
  }
  const model = fit(training, heldOut);
  await connection.run("CREATE TABLE churn_model AS SELECT $json AS model", { json: JSON.stringify(model) });
  await connection.run(`CREATE TABLE churn_features AS ${featureSql(TODAY)} ORDER BY c.customer_id`);
  await storeScores(connection, model);
}

/** `churn_scores`: probabilities to three decimals, for everyone who is a customer today. */
async function storeScores(connection: DuckDBConnection, model: FittedModel): Promise<void> {
  await connection.run("CREATE TABLE churn_scores(customer_id INTEGER, probability DECIMAL(4, 3))");
  const appender = await connection.createAppender("churn_scores");
  const rows = (await connection.runAndReadAll("SELECT * FROM churn_features")).getRowsJS();
  for (const [id, , , ...x] of rows) {
    appender.appendInteger(Number(id));
    const probability = 1 / (1 + Math.exp(-logOdds(model, x.map(Number))));
    appender.appendDecimal(new DuckDBDecimalValue(BigInt(Math.round(probability * 1_000)), 4, 3));
    appender.endRow();
  }
  appender.closeSync();
}

/** Each feature's part of the log odds, against a customer who is average in everything. */
export function contributions(
  model: Pick<FittedModel, "weights" | "means" | "deviations">,
  x: readonly number[],
): number[] {
  return x.map(
    (v, j) => ((model.weights[j] ?? 0) * (v - (model.means[j] ?? 0))) / (model.deviations[j] ?? 1),
  );
}

function logOdds(
  model: Pick<FittedModel, "weights" | "means" | "deviations" | "intercept">,
  x: readonly number[],
): number {
  return model.intercept + contributions(model, x).reduce((sum, part) => sum + part, 0);
}

function fit(training: Sample[], heldOut: Sample[]): FittedModel {
  const means = FEATURES.map((_, j) => mean(training.map((s) => s.x[j] ?? 0)));
  const deviations = FEATURES.map((_, j) => deviation(training.map((s) => s.x[j] ?? 0)));
  const standardise = (x: number[]) => [1, ...x.map((v, j) => (v - (means[j] ?? 0)) / (deviations[j] ?? 1))];
  const regression = new LogisticRegression({ numSteps: STEPS, learningRate: 2 / training.length });
  // The library's classifier of class 0 gives the probability of not being 0, that is of leaving.
  regression.train(
    new Matrix(training.map((s) => standardise(s.x))),
    Matrix.columnVector(training.map((s) => (s.left ? 1 : 0))),
  );
  const [biased = 0, ...weights] = regression.classifiers[0]?.weights.getRow(0) ?? [];
  const intercept = biased - Math.log(STAYER_SHARE);
  const model = { weights, intercept, means, deviations };
  return {
    ...model,
    auc: areaUnderCurve(heldOut.map((s) => ({ score: logOdds(model, s.x), left: s.left }))),
    trained_on: `${SNAPSHOTS[0]} to ${SNAPSHOTS.at(-1)}, six quarterly snapshots`,
    training_rows: training.length,
    training_churners: training.filter((s) => s.left).length,
    held_out_rows: heldOut.length,
    held_out_churners: heldOut.filter((s) => s.left).length,
  };
}

/** The probability that a churner scores above a stayer, ties counted half (Mann-Whitney). */
export function areaUnderCurve(scored: { score: number; left: boolean }[]): number {
  const sorted = scored.toSorted((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let i = 0; i < sorted.length;) {
    let end = i;
    while (end < sorted.length && sorted[end]?.score === sorted[i]?.score) end += 1;
    const rank = (i + end + 1) / 2;
    for (let k = i; k < end; k += 1) if (sorted[k]?.left === true) rankSum += rank;
    i = end;
  }
  const churners = scored.filter((s) => s.left).length;
  return (rankSum - (churners * (churners + 1)) / 2) / (churners * (scored.length - churners));
}

function mean(values: number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function deviation(values: number[]): number {
  const m = mean(values);
  return Math.sqrt(mean(values.map((v) => (v - m) ** 2))) || 1;
}
