/** Today's scores: every active customer's probability of leaving within three months, and why. */
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Customer, Directory } from "../directory.ts";
import { query } from "../data/query.ts";
import { FEATURES, type Driver } from "./features.ts";
import { contributions, type FittedModel } from "./fit.ts";

export interface DriverShare {
  driver: Driver;
  /** Part of the log odds, summed over the driver's features. */
  weight: number;
  /** The strongest feature's value in words. */
  words: string;
}

export interface Score {
  customer: Customer;
  /** To three decimals. */
  probability: number;
  mrr: number;
  /** Probability x MRR, US dollars a month, to cents. */
  mrr_at_risk: number;
  /** What raises the risk, strongest first; small parts are left out. */
  drivers: DriverShare[];
  /** The last price increase within six months, percent. */
  price_increase: number;
}

export interface Scores {
  model: FittedModel;
  /** Highest probability first. */
  ranked: readonly Score[];
  of(customer: Customer): Score | undefined;
}

/** Parts of the log odds below this are not worth a mention. */
const NOTABLE = 0.1;

export async function loadScores(connection: DuckDBConnection, directory: Directory): Promise<Scores> {
  const stored = await query(connection, "SELECT model FROM churn_model");
  const model = JSON.parse(stored.rows[0]?.[0] ?? "{}") as FittedModel;
  const { rows } = await query(
    connection,
    "SELECT s.probability, round(s.probability * f.mrr, 2), f.* EXCLUDE (left_later) FROM churn_scores s JOIN churn_features f USING (customer_id)",
  );
  const byId = new Map(directory.all.map((c) => [c.id, c]));
  const scores = rows.flatMap(([probability, atRisk, id, mrr, ...x]) => {
    const customer = byId.get(Number(id));
    return customer
      ? [
          scoreOf(
            customer,
            { probability: Number(probability), mrr: Number(mrr), mrr_at_risk: Number(atRisk) },
            x.map(Number),
            model,
          ),
        ]
      : [];
  });
  const index = new Map(scores.map((s) => [s.customer.id, s]));
  const ranked = scores.toSorted((a, b) => b.probability - a.probability || b.mrr - a.mrr);
  return { model, ranked, of: (customer) => index.get(customer.id) };
}

function scoreOf(
  customer: Customer,
  figures: Pick<Score, "probability" | "mrr" | "mrr_at_risk">,
  x: number[],
  model: FittedModel,
): Score {
  const drivers = new Map<Driver, DriverShare & { best: number }>();
  for (const [j, part] of contributions(model, x).entries()) {
    const feature = FEATURES[j];
    if (!feature || part <= 0) continue;
    const known = drivers.get(feature.driver);
    const words = feature.words(x[j] ?? 0);
    if (!known) drivers.set(feature.driver, { driver: feature.driver, weight: part, words, best: part });
    else {
      known.weight += part;
      if (part > known.best) Object.assign(known, { words, best: part });
    }
  }
  return {
    customer,
    ...figures,
    drivers: [...drivers.values()]
      .filter((d) => d.weight >= NOTABLE)
      .toSorted((a, b) => b.weight - a.weight)
      .map(({ driver, weight, words }) => ({ driver, weight, words })),
    price_increase: x[FEATURES.findIndex((f) => f.name === "price_increase")] ?? 0,
  };
}

/** "low usage: 12 % of the seats are in use". */
export function driverWords({ driver, words }: DriverShare): string {
  return driver === "profile" || driver === words ? words : `${driver}: ${words}`;
}
