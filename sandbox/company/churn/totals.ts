/** Adds up the risk of a slice, as a whole or by group. */
import { dimension, type DimensionId } from "../dimensions.ts";
import { scopeWords, type Scope } from "../scope.ts";
import { cellOf } from "../slice.ts";
import { money, percentage, sumOf, tableOf } from "../table.ts";
import type { Said } from "./said.ts";
import { HORIZON_WORDS, quality } from "./model-card.ts";
import { thresholdOf } from "./ranking.ts";
import type { Score, Scores } from "./scores.ts";

/** Customers at or above this probability are called high risk. */
const HIGH_RISK = 0.2;
const BREAKDOWN =
  /\b(?:by|per|across|each|which) (?:customer )?(segment|region|countr|industr|plan|(?:account )?owner)/i;
const DIMENSION_OF: Record<string, DimensionId> = { segment: "segment", region: "region", countr: "country", industr: "industry", plan: "plan" }; // prettier-ignore

export function totalRisk(question: string, scores: Scores, pool: readonly Score[], scope: Scope): Said {
  const word = BREAKDOWN.exec(question)?.[1]?.toLowerCase();
  const id = word === undefined ? null : (DIMENSION_OF[word] ?? "account_owner");
  const threshold = thresholdOf(question) ?? HIGH_RISK;
  const keyOf = (s: Score) => (id === null ? "all" : cellOf(s.customer, id));
  const rows = [...new Set(pool.map(keyOf))]
    .map((key) =>
      rowOf(
        key,
        pool.filter((s) => keyOf(s) === key),
        threshold,
      ),
    )
    .toSorted((a, b) => Number(b[5]) - Number(a[5]));
  const title = `Churn risk of ${scopeWords(scope.slices, scope.mrr)}${id === null ? "" : ` by ${dimension(id).label}`}`;
  const lines = rows.map(
    ([key, customers, high, expected, mrr, atRisk]) =>
      `- ${key}: ${customers} customers, ${high} at high risk (probability of at least ${percentage(threshold)} %), ` +
      `${expected} expected to leave, MRR ${mrr} USD, MRR at risk ${atRisk} USD.`,
  );
  const layout = `${id ?? "scope"}:STRING customers:LONG high_risk_customers:LONG expected_churners:DOUBLE mrr:DECIMAL mrr_at_risk:DECIMAL`;
  const mean = sumOf(pool, (s) => s.probability) / Math.max(1, pool.length);
  const average = /\b(?:average|mean)\b/i.test(question)
    ? [`Average probability: ${percentage(mean)} %.`]
    : [];
  return {
    text: [`${title} in ${HORIZON_WORDS}:`, ...lines, ...average, quality(scores)].join("\n"),
    tables: [tableOf(title, layout, rows)],
  };
}

function rowOf(key: string, list: readonly Score[], threshold: number): (string | number)[] {
  const high = list.filter((s) => s.probability >= threshold).length;
  const expected = sumOf(list, (s) => s.probability).toFixed(1);
  const mrr = money(sumOf(list, (s) => s.mrr));
  return [key, list.length, high, Number(expected), mrr, money(sumOf(list, (s) => s.mrr_at_risk))];
}
