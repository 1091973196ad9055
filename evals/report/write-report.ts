/** Writes a run's report: Markdown, JSON and charts. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Scored } from "../score-case.ts";
import { confusion, summarize } from "../summarize.ts";
import { confusionChart } from "./confusion-chart.ts";
import { latencyChart } from "./latency-chart.ts";
import { markdownReport, type ReportHead } from "./markdown.ts";
import { shareChart } from "./share-chart.ts";

export function writeReport(
  folder: string,
  head: ReportHead,
  scored: readonly Scored[],
  showHeldout: boolean,
): void {
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  const { labels, counts } = confusion(scored);
  const categories = [...new Set(scored.map(({ question }) => question.category))];
  const of = (category: string) => scored.filter(({ question }) => question.category === category);
  write("report.md", markdownReport(head, scored, showHeldout));
  write("report.json", `${JSON.stringify(jsonReport(head, scored), null, 2)}\n`);
  write("confusion.svg", confusionChart(labels, counts));
  write("accuracy.svg", shareChart("Accuracy by category", ["routing", "plan"], categories.map((label) => {
    const { routing, plan } = summarize(of(label));
    return { label, shares: [routing, plan] };
  }))); // prettier-ignore
  write("latency.svg", latencyChart(categories.map((label) => ({
    label,
    values: of(label).map(({ outcome }) => outcome.latency_ms),
  })))); // prettier-ignore
}

/** Per-case results are what two runs are paired by. */
function jsonReport(head: ReportHead, scored: readonly Scored[]) {
  const split = (name: string) => scored.filter(({ question }) => question.split === name);
  return {
    ...head,
    summary: { dev: summarize(split("dev")), heldout: summarize(split("heldout")), all: summarize(scored) },
    confusion: confusion(scored),
    cases: scored.map(({ question, outcome, route, plan, numbers, contains, citations }) => ({
      id: question.id,
      cluster: question.cluster,
      split: question.split,
      category: question.category,
      route,
      plan,
      numbers,
      contains,
      citations,
      tier: outcome.response?.custom_outputs.plan?.decision?.tier ?? null,
      latency_ms: outcome.latency_ms,
      error: outcome.error,
    })),
  };
}
