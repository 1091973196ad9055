/** The report for people. */
import type { Scored } from "../score-case.ts";
import { confusion, summarize, type Share, type Summary } from "../summarize.ts";

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
    "\n## Where questions went\n",
    "![Confusion matrix](confusion.svg)\n",
    confusionTable(scored),
    "\n## Latency\n",
    "![Latency](latency.svg)\n",
    "Measured by the client, conversations by their last turn; cases run side by side on one machine, so compare, do not quote.\n",
    "\n## What went wrong\n",
    showHeldout ? "" : "Held-out cases are counted above and not listed: whoever tunes must not see them.\n",
    failures(scored.filter(({ question }) => showHeldout || question.split === "dev")),
    "",
  ].join("\n");
}

const ROWS: [string, (summary: Summary) => string][] = [
  ["cases", (s) => String(s.cases)],
  ["requests that failed", (s) => String(s.failed_requests)],
  ["**routing**: exactly the right backends or reply", (s) => shareText(s.routing)],
  ["**plan**: right steps in the right order", (s) => shareText(s.plan)],
  ["plan, several backends alone", (s) => shareText(s.plan_of_several)],
  ["node F1 / edge F1, several backends", (s) => `${decimals(s.node_f1)} / ${decimals(s.edge_f1)}`],
  ["**numbers**: every value equals SQL", (s) => shareText(s.numbers)],
  ["single values and names", (s) => shareText(s.values)],
  ["expected words", (s) => shareText(s.contains)],
  ["**citations** valid", (s) => shareText(s.citations)],
  ["statements with a citation", (s) => (s.citation_coverage === null ? "-" : percent(s.citation_coverage))],
  ["asks back: precision", (s) => shareText(s.clarify.precision)],
  ["asks back: recall", (s) => shareText(s.clarify.recall)],
  ["declines: precision", (s) => shareText(s.refuse.precision)],
  ["declines: recall", (s) => shareText(s.refuse.recall)],
  ["latency p50 / p95 / max, ms", (s) => [s.latency_ms.p50, s.latency_ms.p95, s.latency_ms.max].map((v) => (v === null ? "-" : Math.round(v))).join(" / ")],
]; // prettier-ignore

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
  return wrong.map((s) => `- \`${s.question.id}\` ${question(s)}\n${problems(s).map((p) => `  - ${p}`).join("\n")}`).join("\n"); // prettier-ignore
}

function question({ question: { input, messages } }: Scored): string {
  return (input ?? messages?.map(({ content }) => content).join(" / ") ?? "").slice(0, 200);
}

function problems({ outcome, route, plan, numbers, contains, citations }: Scored): string[] {
  const list: string[] = [];
  if (outcome.error !== null) list.push(`error: ${outcome.error.slice(0, 200)}`);
  if (!route.correct) list.push(`route: expected ${route.expected}, got ${route.actual}${names(" without", route.missed)}${names(" with", route.extra)}`);
  else if (!plan.exact) list.push("plan: right backends, wrong order");
  if (numbers?.correct === false) list.push(`numbers: ${numbers.found} of ${numbers.values}; missing ${numbers.missing.slice(0, 3).join("; ")}`);
  if (contains === false) list.push("the expected words are missing");
  if (citations?.valid === false) list.push(`citations: ${citations.markers} used, ${citations.dangling} dangling`);
  return list;
} // prettier-ignore

function names(word: string, backends: string[]): string {
  return backends.length === 0 ? "" : `${word} ${backends.join(", ")}`;
}

export function shareText(share: Share): string {
  if (share.value === null) return "-";
  return `${percent(share.value)} (${share.hits}/${share.total}; ${percent(share.low)} to ${percent(share.high)})`;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

function decimals(value: number | null): string {
  return value === null ? "-" : value.toFixed(3);
}

function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line), ""].join("\n");
}
