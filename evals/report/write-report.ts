/** Writes a run's report: Markdown, JSON, JUnit XML, one HTML page, and charts. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Scored } from "../score-case.ts";
import { confusion, summarize } from "../summarize.ts";
import { charts } from "./charts.ts";
import { htmlReport } from "./html.ts";
import { junitReport } from "./junit.ts";
import { markdownReport, type ReportHead } from "./markdown.ts";

export function writeReport(
  folder: string,
  head: ReportHead,
  scored: readonly Scored[],
  showHeldout: boolean,
): void {
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  write("report.md", markdownReport(head, scored, showHeldout));
  write("report.json", `${JSON.stringify(jsonReport(head, scored), null, 2)}\n`);
  write("report.html", htmlReport(head, scored, showHeldout));
  write("junit.xml", junitReport(scored, showHeldout));
  for (const [name, chart] of Object.entries(charts(scored))) write(name, chart);
}

/** Per-case results are what two runs are paired by. */
function jsonReport(head: ReportHead, scored: readonly Scored[]) {
  const split = (name: string) => scored.filter(({ question }) => question.split === name);
  return {
    ...head,
    summary: { dev: summarize(split("dev")), heldout: summarize(split("heldout")), all: summarize(scored) },
    confusion: confusion(scored),
    cases: scored.map(({ question, outcome, tier, ...scores }) => ({
      id: question.id,
      cluster: question.cluster,
      split: question.split,
      category: question.category,
      ...scores,
      tier,
      latency_ms: outcome.latency_ms,
      error: outcome.error,
    })),
  };
}
