/** The churn model as an agent: ranks, explains and totals, and says what it cannot do. */
import type { AnsweringPart, Asked, PartAnswer } from "../contract.ts";
import { dimension, type DimensionId } from "../dimensions.ts";
import type { Customer } from "../directory.ts";
import { scopeWords, type Scope } from "../scope.ts";
import { inSlice } from "../slice.ts";
import { money, percentage, type Table } from "../table.ts";
import { HORIZON, aboutModel, driverTable, modelCard } from "./model-card.ts";
import type { Score, Scores } from "./scores.ts";

const DEFAULT_COUNT = 10;
/** Customers at or above this probability are called high risk. */
export const HIGH_RISK = 0.2;

const TOPIC =
  /churn|risk|leav|left|cancel|attrition|likel|predict|forecast|probab|scor|retain|retention|los[es]|losing|defect|health|driver|model|save|danger|stay/i;
const OTHER_TOPIC =
  /\b(?:mrr|arr|revenue|tickets?|invoices?|usage|csat|seats|polic\w+|playbook|discounts?|prices?|plan for)\b/i;
const ABOUT_MODEL =
  /\b(auc|accura\w*|trained|training|precision|reliab\w*|trust|how (?:good|well)|features?|how (?:does|do|is|was|are) (?:the |this |your |our )?(?:churn |model|score|prediction)|what (?:is|are|kind of|does) (?:the |this |your |our )?(?:churn )?model|who are you|what can you)/i;
const DRIVERS =
  /\b(drivers?|drives?|factors?|causes?|reasons?|predictors?|why do (?:our )?customers|what makes)\b/i;
const TOTALS =
  /\bhow (?:many|much)\b|\b(?:total|expected|overall|sum|average)\b|\b(?:by|per|across|each) (?:customer )?(?:segments?|regions?|countr\w+|industr\w+|plans?|account owners?|owners?)\b/i;
const BREAKDOWN =
  /\b(?:by|per|across|each|which) (?:customer )?(segment|region|countr|industr|plan|account owner|owner)/i;
const WHAT_IF = /\bwhat if\b|\bwould happen\b|\bif we (?:gave|give|offer|rais|lower|cut)/i;
const BY_VALUE =
  /\b(?:mrr|revenue|money|value) at risk\b|\bat-risk (?:mrr|revenue)\b|\bmost (?:valuable|revenue|mrr|money)\b|\bbiggest loss/i;
const THRESHOLD = /(?:over|above|more than|at least|exceed\w*|greater than|higher than|>=?)\s*(\d{1,3})\s*(?:%|percent)/i; // prettier-ignore

export function createChurn(scores: Scores, readScope: (asked: Asked) => Scope): AnsweringPart {
  return {
    async answer(asked) {
      const { question } = asked;
      const scope = readScope(asked);
      const subject = scope.customers.length > 0;
      if (WHAT_IF.test(question)) return say(`I score customers as they are and cannot say what an action would change. ${HORIZON}`, scores);
      const names = scope.slices.length > 0 || scope.count !== null;
      if (!subject && !TOPIC.test(question) && (!names || OTHER_TOPIC.test(question))) return say(`I can only answer questions about churn: who is likely to leave, why, and how much MRR is at risk. ${HORIZON}`, scores);
      if (!subject && ABOUT_MODEL.test(question)) return say(aboutModel(scores), scores, [driverTable(scores.model)]);
      if (!subject && DRIVERS.test(question) && !/\b(?:which|what) (?:\S+ ){0,5}?(?:customers|accounts)\b/i.test(question)) return drivers(scores, scope);
      if (!subject && TOTALS.test(question)) return totals(question, scores, scope);
      return ranking(question, scores, scope);
    },
  };
} // prettier-ignore

function ranking(question: string, scores: Scores, scope: Scope): PartAnswer {
  const threshold = Number(THRESHOLD.exec(question)?.[1] ?? 0) / 100;
  const named = scope.customers.length > 0;
  const pool = named ? scope.customers.flatMap((c) => scores.of(c) ?? []) : inScope(scores, scope);
  const key = BY_VALUE.test(question) ? (s: Score) => s.mrr_at_risk : (s: Score) => s.probability;
  const found = pool.filter((s) => s.probability >= threshold).toSorted((a, b) => key(b) - key(a) || b.mrr - a.mrr);
  const shown = found.slice(0, scope.count ?? (named ? found.length : DEFAULT_COUNT));
  const gone = scope.customers.filter((c) => !scores.of(c));
  const what = named ? "named customers" : scopeWords(scope.slices);
  const head = shown.length === 0 ? `No active ${what} to score.` : `Probability of churn in the next quarter (October to December 2026), ${shown.length} of ${pool.length} ${what}${threshold > 0 ? ` with at least ${percentage(threshold)} %` : ""}, ${BY_VALUE.test(question) ? "most MRR at risk" : "highest"} first:`;
  const lines = shown.map((s, i) => `${i + 1}. ${s.customer.name}: ${percentage(s.probability)} %, because of ${why(s)}; MRR ${money(s.mrr)} USD, MRR at risk ${money(s.mrr_at_risk)} USD.`);
  const atRisk = shown.reduce((sum, s) => sum + s.mrr_at_risk, 0);
  const total = shown.length > 1 ? [`MRR at risk (probability x MRR) over these ${shown.length}: ${money(atRisk)} USD a month.`] : [];
  return say([head, ...lines, ...total, ...missing(gone), quality(scores)].join("\n"), scores, [scoreTable(shown)]);
} // prettier-ignore

function why(score: Score): string {
  const words = score.drivers
    .slice(0, 3)
    .map((d) => (d.driver === "profile" ? d.words : `${d.driver} (${d.words})`));
  return words.length > 0 ? words.join(", ") : "nothing that stands out";
}

function missing(gone: readonly Customer[]): string[] {
  return gone.length > 0
    ? [`Not scored, because they have already left: ${gone.map((c) => c.name).join(", ")}.`]
    : [];
}

function drivers(scores: Scores, scope: Scope): PartAnswer {
  const table = driverTable(scores.model, inScope(scores, scope), scope.slices.length > 0);
  const top = table.rows.slice(0, 5).map((row) => `- ${row[0]} (weight ${row[1]}): ${row[3]}`);
  return say([`What drives churn among ${scopeWords(scope.slices)}, strongest first:`, ...top, quality(scores)].join("\n"), scores, [table]);
} // prettier-ignore

function totals(question: string, scores: Scores, scope: Scope): PartAnswer {
  const pool = inScope(scores, scope);
  const id = breakdownOf(question);
  const groups = new Map<string, Score[]>();
  for (const s of pool) {
    const key = id === null ? "all" : (({ ...s.customer }) as Record<string, unknown>)[dimension(id).column];
    const group = groups.get(String(key));
    if (group) group.push(s);
    else groups.set(String(key), [s]);
  }
  const threshold = Number(THRESHOLD.exec(question)?.[1] ?? HIGH_RISK * 100) / 100;
  const rows = [...groups].map(([key, list]) => totalRow(key, list, threshold)).toSorted((a, b) => Number(b[5]) - Number(a[5]));
  const table: Table = {
    title: `Churn risk of ${scopeWords(scope.slices)}${id === null ? "" : ` by ${dimension(id).label}`}`,
    columns: [
      { name: id ?? "scope", type: "STRING" }, { name: "customers", type: "LONG" }, { name: "high_risk_customers", type: "LONG" },
      { name: "expected_churners", type: "DOUBLE" }, { name: "mrr", type: "DECIMAL" }, { name: "mrr_at_risk", type: "DECIMAL" },
    ],
    rows,
  };
  const lines = rows.map((r) => `- ${r[0]}: ${r[1]} customers, ${r[2]} at high risk (probability of at least ${percentage(threshold)} %), ${r[3]} expected to leave, MRR ${r[4]} USD, MRR at risk ${r[5]} USD.`);
  return say([`${table.title} in the next quarter (October to December 2026):`, ...lines, quality(scores)].join("\n"), scores, [table]);
} // prettier-ignore

function totalRow(key: string, list: readonly Score[], threshold: number): (string | number)[] {
  const sum = (value: (s: Score) => number) => list.reduce((total, s) => total + value(s), 0);
  const high = list.filter((s) => s.probability >= threshold).length;
  return [key, list.length, high, Number(sum((s) => s.probability).toFixed(1)), money(sum((s) => s.mrr)), money(sum((s) => s.mrr_at_risk))];
} // prettier-ignore

function breakdownOf(question: string): DimensionId | null {
  const word = BREAKDOWN.exec(question)?.[1]?.toLowerCase();
  const ids: Record<string, DimensionId> = { segment: "segment", region: "region", countr: "country", industr: "industry", plan: "plan", "account owner": "account_owner", owner: "account_owner" };
  return word === undefined ? null : (ids[word] ?? null);
} // prettier-ignore

function inScope(scores: Scores, scope: Scope): Score[] {
  return scores.ranked.filter((s) => scope.slices.every((slice) => inSlice(s.customer, slice)));
}

export function scoreTable(scores: readonly Score[]): Table {
  return {
    title: "Churn risk in the next quarter",
    columns: [
      { name: "rank", type: "LONG" }, { name: "customer", type: "STRING" }, { name: "probability_pct", type: "DOUBLE" }, { name: "mrr", type: "DECIMAL" },
      { name: "mrr_at_risk", type: "DECIMAL" }, { name: "drivers", type: "STRING" }, { name: "segment", type: "STRING" }, { name: "region", type: "STRING" }, { name: "account_owner", type: "STRING" },
    ],
    rows: scores.map((s, i) => [i + 1, s.customer.name, Number(percentage(s.probability)), money(s.mrr), money(s.mrr_at_risk), why(s), s.customer.segment, s.customer.region, s.customer.account_owner]),
  };
} // prettier-ignore

function quality({ model }: Scores): string {
  return `Logistic regression; held-out AUC ${model.auc.toFixed(3)} on ${model.held_out_rows} customer quarters that it was not trained on.`;
}

function say(text: string, scores: Scores, tables: Table[] = []): PartAnswer {
  return { text, citations: [], custom_outputs: { tables, model: modelCard(scores.model) } };
}
