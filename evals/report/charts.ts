/** The charts of a run, by file name. */
import type { Scored } from "../score-case.ts";
import { riskCoverage } from "../stats/risk-coverage.ts";
import { confusion, judged, share, summarize } from "../summarize.ts";
import { confusionChart } from "./confusion-chart.ts";
import { costChart } from "./cost-chart.ts";
import { latencyChart } from "./latency-chart.ts";
import { riskChart } from "./risk-chart.ts";
import { shareChart } from "./share-chart.ts";

export function charts(scored: readonly Scored[]): Record<string, string> {
  const { labels, counts } = confusion(scored);
  const categories = [...new Set(scored.map(({ question }) => question.category))];
  const of = (category: string) => scored.filter(({ question }) => question.category === category);
  const accuracy = categories.map((label) => {
    const { routing, plan } = summarize(of(label));
    return { label, shares: [routing, plan] };
  });
  const latency = categories.map((label) => ({
    label,
    values: of(label).map(({ outcome }) => outcome.latency_ms),
  }));
  return {
    "accuracy.svg": shareChart("Accuracy by category", ["routing", "plan"], accuracy),
    "confusion.svg": confusionChart(labels, counts),
    "risk-coverage.svg": riskChart(
      (["dev", "heldout"] as const).flatMap((split) => {
        const points = riskCoverage(judged(scored.filter(({ question }) => question.split === split)));
        return points.length === 0 ? [] : [{ label: split, points }];
      }),
    ),
    "cost.svg": cost(categories, of),
    "latency.svg": latencyChart(latency),
  };
}

/** In tokens where models were asked, else in calls of backends. */
function cost(categories: readonly string[], of: (category: string) => readonly Scored[]): string {
  const all = categories.flatMap((category) => of(category));
  const unit = all.some(({ spent }) => spent.tokens > 0) ? "tokens" : "calls";
  const points = categories.map((label) => {
    const part = of(label);
    const mean = part.reduce((sum, { spent }) => sum + spent[unit], 0) / part.length;
    return {
      label,
      cost: mean,
      quality: share(part.map(({ plan, numbers }) => plan.exact && numbers?.correct !== false)),
    };
  });
  return costChart(unit === "calls" ? "calls of backends" : unit, points);
}
