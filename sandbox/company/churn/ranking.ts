/** Ranks customers by risk, with the drivers of each. */
import { scopeWords, type Scope } from "../scope.ts";
import { money, percentage, sumOf, tableOf } from "../table.ts";
import type { Said } from "./said.ts";
import { HORIZON_WORDS, quality } from "./model-card.ts";
import { driverWords, type Score, type Scores } from "./scores.ts";

const DEFAULT_COUNT = 10;
const DRIVERS_SHOWN = 3;
const BY_VALUE =
  /\b(?:mrr|revenue|money|value) at risk\b|\bat-risk (?:mrr|revenue)\b|\bmost (?:valuable|revenue|mrr|money)\b|\bbiggest loss/i;
const SAFEST = /\b(?:least|lowest|safest|smallest|most loyal|unlikely)\b/i;
const THRESHOLD =
  /(?:over|above|more than|at least|exceed\w*|greater than|higher than|>=?)\s*(\d{1,3})\s*(?:%|percent)/i;
const LAYOUT =
  "rank:LONG customer:STRING probability_pct:DOUBLE mrr:DECIMAL mrr_at_risk:DECIMAL drivers:STRING segment:STRING region:STRING account_owner:STRING";

/** Named customers all, a slice's first ten unless a number is given. `pool` is the slice, highest risk first. */
export function rankCustomers(question: string, scores: Scores, pool: readonly Score[], scope: Scope): Said {
  const isNamed = scope.customers.length > 0;
  const scored = isNamed ? scope.customers.flatMap((c) => scores.of(c) ?? []) : pool;
  const least = thresholdOf(question) ?? 0;
  const isByValue = BY_VALUE.test(question);
  const sign = SAFEST.test(question) ? -1 : 1;
  const key = (s: Score) => sign * (isByValue ? s.mrr_at_risk : s.probability);
  const from = isNamed ? 0 : (scope.place ?? 1) - 1;
  const shown = scored
    .filter((s) => s.probability >= least)
    .toSorted((a, b) => key(b) - key(a) || b.mrr - a.mrr)
    .slice(from, from + (scope.count ?? (isNamed ? scored.length : DEFAULT_COUNT)));
  const who = `${isNamed ? "named customers" : scopeWords(scope.slices, scope.mrr)}${least > 0 ? ` with at least ${percentage(least)} %` : ""}`;
  const most = sign < 0 ? "least" : "most";
  const order = isByValue ? `${most} MRR at risk` : sign < 0 ? "lowest" : "highest";
  const head = `Probability of churn in ${HORIZON_WORDS}, ${shown.length} of ${scored.length} ${who}, ${order} first:`;
  const lines =
    shown.length > 0 ? [head, ...shown.map(line), totalOf(shown)] : [`No active ${who} to score.`];
  const text = [...lines, ...goneFrom(scope, scores), quality(scores)].join("\n");
  return { text, tables: [tableOf("Churn risk in the next quarter", LAYOUT, shown.map(row))] };
}

/** "Above 60 percent" as a share. */
export function thresholdOf(question: string): number | null {
  const percent = THRESHOLD.exec(question)?.[1];
  return percent === undefined ? null : Number(percent) / 100;
}

function line(s: Score, i: number): string {
  return (
    `${i + 1}. ${s.customer.name}: ${percentage(s.probability)} %, because of ${why(s)}. ` +
    `MRR ${money(s.mrr)} USD, MRR at risk ${money(s.mrr_at_risk)} USD.`
  );
}

function row(s: Score, i: number): (string | number)[] {
  const { name, segment, region, account_owner } = s.customer;
  const risk = [Number(percentage(s.probability)), money(s.mrr), money(s.mrr_at_risk)];
  return [i + 1, name, ...risk, why(s), segment, region, account_owner];
}

function why({ drivers }: Score): string {
  const words = drivers.slice(0, DRIVERS_SHOWN).map(driverWords);
  return words.length > 0 ? words.join("; ") : "nothing that stands out";
}

function totalOf(shown: readonly Score[]): string {
  const atRisk = sumOf(shown, (s) => s.mrr_at_risk);
  return `MRR at risk (probability x MRR) of these ${shown.length}: ${money(atRisk)} USD a month.`;
}

function goneFrom({ customers }: Scope, scores: Scores): string[] {
  const names = customers.filter((c) => !scores.of(c)).map((c) => c.name);
  return names.length > 0 ? [`Not scored, because they have already left: ${names.join(", ")}.`] : [];
}
