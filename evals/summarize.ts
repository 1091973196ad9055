/** Totals over scored cases: shares with intervals, latency, the confusion matrix. */
import type { Scored } from "./score-case.ts";
import type { SpentScore } from "./scorers/spent.ts";
import { quantile } from "./stats/quantile.ts";
import { areaUnderRisk, riskCoverage, type Judged } from "./stats/risk-coverage.ts";
import { wilson, type Interval } from "./stats/wilson.ts";

export interface Share extends Interval {
  hits: number;
  total: number;
  /** Null where nothing was counted. */
  value: number | null;
}

export interface Summary {
  cases: number;
  failed_requests: number;
  routing: Share;
  plan: Share;
  /** Plans of more than one backend alone. */
  plan_of_several: Share;
  node_f1: number | null;
  edge_f1: number | null;
  trajectory: Share;
  /** Plans with as many questions as needed, and with the key terms of each part where the case names them. */
  step_count: Share;
  terms: Share;
  /** Pairs of calls in one group. */
  overlapping: Share;
  numbers: Share;
  /** Single values inside the numeric cases. */
  values: Share;
  contains: Share;
  grounding: Share;
  citations: Share;
  citation_coverage: number | null;
  clarify: { precision: Share; recall: Share };
  refuse: { precision: Share; recall: Share };
  /** Of the cases that have a budget. */
  within_budget: Share;
  /** Means per case; `usd` is null where something has no price. */
  spent: Record<"calls" | "retries" | "model_calls" | "tokens" | "usd", number | null>;
  /** Area under the risk-coverage curve of the routes. */
  aurc: number | null;
  latency_ms: { p50: number | null; p95: number | null; max: number | null };
}

export function summarize(scored: readonly Scored[]): Summary {
  const several = scored.filter(({ question }) => question.expect.backends.length > 1);
  const numeric = scored.flatMap(({ numbers }) => numbers ?? []);
  const cited = scored.flatMap(({ citations }) => citations ?? []);
  const asked = scored.flatMap(({ sub_questions }) => sub_questions ?? []);
  const trajectories = scored.flatMap(({ trajectory }) => trajectory ?? []);
  const latencies = scored.map(({ outcome }) => outcome.latency_ms);
  return {
    cases: scored.length,
    failed_requests: scored.filter(({ outcome }) => outcome.error !== null).length,
    routing: share(scored.map(({ route }) => route.correct)),
    plan: share(scored.map(({ plan }) => plan.exact)),
    plan_of_several: share(several.map(({ plan }) => plan.exact)),
    node_f1: mean(several.map(({ plan }) => plan.node_f1)),
    edge_f1: mean(several.map(({ plan }) => plan.edge_f1)),
    step_count: share(asked.map(({ count }) => count)),
    terms: share(asked.flatMap(({ terms }) => terms ?? [])),
    trajectory: share(trajectories.map(({ exact }) => exact)),
    overlapping: shareOf(sum(trajectories.map((t) => t.overlapping)), sum(trajectories.map((t) => t.pairs))),
    numbers: share(numeric.map(({ correct }) => correct)),
    values: shareOf(sum(numeric.map((n) => n.found)), sum(numeric.map((n) => n.values))),
    contains: share(scored.flatMap(({ contains }) => contains ?? [])),
    grounding: share(scored.flatMap(({ grounding }) => grounding?.grounded ?? [])),
    citations: share(cited.map(({ valid }) => valid)),
    citation_coverage: mean(cited.map(({ coverage }) => coverage)),
    clarify: behaviour(scored, "clarify"),
    refuse: behaviour(scored, "refuse"),
    within_budget: share(scored.flatMap(({ spent }) => spent.within ?? [])),
    spent: means(scored.map(({ spent }) => spent)),
    aurc: areaUnderRisk(riskCoverage(judged(scored))),
    latency_ms: { p50: number(quantile(latencies, 0.5)), p95: number(quantile(latencies, 0.95)), max: number(Math.max(...latencies)) }, // prettier-ignore
  };
}

/** Rows are what was expected, columns what came; only labels that occur. */
export function confusion(scored: readonly Scored[]): { labels: string[]; counts: number[][] } {
  const labels = [...new Set(scored.flatMap(({ route }) => [route.expected, route.actual]))].sort(byKind);
  const counts = labels.map((row) =>
    labels.map(
      (column) => scored.filter(({ route }) => route.expected === row && route.actual === column).length,
    ),
  );
  return { labels, counts };
}

const LAST = ["several", "clarify", "refuse", "direct", "none"];

function byKind(a: string, b: string): number {
  return LAST.indexOf(a) - LAST.indexOf(b) || a.localeCompare(b);
}

function behaviour(scored: readonly Scored[], kind: string): { precision: Share; recall: Share } {
  const expected = scored.filter(({ route }) => route.expected === kind);
  const actual = scored.filter(({ route }) => route.actual === kind);
  return {
    precision: share(actual.map(({ route }) => route.expected === kind)),
    recall: share(expected.map(({ route }) => route.actual === kind)),
  };
}

export function share(hits: readonly boolean[]): Share {
  return shareOf(hits.filter(Boolean).length, hits.length);
}

function shareOf(hits: number, total: number): Share {
  return { hits, total, value: total === 0 ? null : hits / total, ...wilson(hits, total) };
}

/** With how sure each plan was. */
export function judged(scored: readonly Scored[]): Judged[] {
  return scored.flatMap(({ outcome, route }) => {
    const confidence = outcome.response?.custom_outputs.plan?.confidence;
    return confidence === undefined ? [] : [{ confidence, right: route.correct }];
  });
}

function means(spent: readonly SpentScore[]): Summary["spent"] {
  const of = (pick: (one: SpentScore) => number | null) => {
    const values = spent.map(pick);
    return values.includes(null) ? null : mean(values.filter((value) => value !== null));
  };
  return {
    calls: of((one) => one.calls),
    retries: of((one) => one.retries),
    model_calls: of((one) => one.model_calls),
    tokens: of((one) => one.tokens),
    usd: of((one) => one.usd),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function number(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
