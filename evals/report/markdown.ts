/** The report for people. */
import type { Scored } from "../score-case.ts";
import { confusion, summarize } from "../summarize.ts";
import { problems, questionText } from "./problems.ts";
import { ROWS } from "./rows.ts";
import { shareText } from "./shares.ts";
import { TIER_HEAD, tierRows } from "./tier-rows.ts";

export interface ReportHead {
  /** ISO time of the run's start. */
  time: string;
  dataset: string;
  /** Revision of the code, where it is known. */
  revision: string | null;
  node: string;
  concurrency: number;
}

/** `showHeldout` lists failures of held-out cases too. */
export function markdownReport(head: ReportHead, scored: readonly Scored[], showHeldout: boolean): string {
  const splits = ["dev", "heldout"].map((split) => scored.filter(({ question }) => question.split === split));
  const columns = [...splits, scored].map((part) => summarize(part));
  return [
    `# Evaluation of ${head.time}\n`,
    `${scored.length} cases of \`${head.dataset}\`, revision ${head.revision ?? "unknown"}, Node ${head.node}, ${head.concurrency} at a time. Shares with 95 % Wilson intervals.\n`,
    table(
      ["", "dev", "held out", "all"],
      ROWS.map(([name, of]) => [name, ...columns.map(of)]),
    ),
    "\n## By category\n",
    "![Accuracy by category](accuracy.svg)\n",
    table(["category", "cases", "routing", "plan", "numbers", "p50 / p95 ms"], categories(scored)),
    "\n## By tier\n",
    table(TIER_HEAD, tierRows(scored)),
    "\n## Where questions went\n",
    "![Confusion matrix](confusion.svg)\n",
    confusionTable(scored),
    "\n## Sure and right\n",
    "![Risk-coverage curve](risk-coverage.svg)\n",
    "Wrong routes among the surest share of the questions.\n",
    "\n## Cost and quality\n",
    "![Cost against quality](cost.svg)\n",
    "\n## Latency\n",
    "![Latency](latency.svg)\n",
    "Measured by the client, conversations by their last turn; cases run side by side on one machine, so compare, do not quote.\n",
    "\n## What went wrong\n",
    showHeldout ? "" : "Held-out cases are counted above and not listed: whoever tunes must not see them.\n",
    failures(scored.filter(({ question }) => showHeldout || question.split === "dev")),
    "",
  ].join("\n");
}

function categories(scored: readonly Scored[]): string[][] {
  const names = [...new Set(scored.map(({ question }) => question.category))];
  return names.map((name) => {
    const s = summarize(scored.filter(({ question }) => question.category === name));
    const latency = `${Math.round(s.latency_ms.p50 ?? 0)} / ${Math.round(s.latency_ms.p95 ?? 0)}`;
    return [name, String(s.cases), shareText(s.routing), shareText(s.plan), shareText(s.numbers), latency];
  });
}

function confusionTable(scored: readonly Scored[]): string {
  const { labels, counts } = confusion(scored);
  const rows = labels.map((label, i) => [
    `**${label}**`,
    ...(counts[i] ?? []).map((count) => (count === 0 ? "" : String(count))),
  ]);
  return table(["expected \\ actual", ...labels], rows);
}

function failures(scored: readonly Scored[]): string {
  const wrong = scored.filter((s) => problems(s).length > 0);
  if (wrong.length === 0) return "Nothing.\n";
  return wrong.map((s) => `- \`${s.question.id}\` ${questionText(s)}\n${problems(s).map((p) => `  - ${p}`).join("\n")}`).join("\n"); // prettier-ignore
}

function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line), ""].join("\n");
}
