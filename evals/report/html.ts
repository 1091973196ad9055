/** The report as one page that needs nothing else: tables and charts inline, light and dark. */
import type { Scored } from "../score-case.ts";
import { summarize } from "../summarize.ts";
import { charts } from "./charts.ts";
import { escapeXml } from "./junit.ts";
import type { ReportHead } from "./markdown.ts";
import { problems, questionText } from "./problems.ts";
import { ROWS } from "./rows.ts";
import { TIER_HEAD, tierRows } from "./tier-rows.ts";

const STYLE = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border-bottom:1px solid #8884;padding:.3rem .6rem;text-align:left;vertical-align:top}
svg{max-width:100%;height:auto}li{margin:.3rem 0}code{font-size:.9em}`;

export function htmlReport(head: ReportHead, scored: readonly Scored[], showHeldout: boolean): string {
  const splits = ["dev", "heldout"].map((split) => scored.filter(({ question }) => question.split === split));
  const columns = [...splits, scored].map((part) => summarize(part));
  const wrong = scored.filter((one) => problems(one).length > 0 && (showHeldout || one.question.split === "dev"));
  const pictures = Object.values(charts(scored)).map((chart) => `<figure>${chart}</figure>`);
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Evaluation of ${escapeXml(head.time)}</title><style>${STYLE}</style></head><body>`,
    `<h1>Evaluation of ${escapeXml(head.time)}</h1>`,
    `<p>${scored.length} cases of <code>${escapeXml(head.dataset)}</code>, revision ${escapeXml(head.revision ?? "unknown")}, Node ${escapeXml(head.node)}, ${head.concurrency} at a time. Shares with 95 % Wilson intervals.</p>`,
    table(["", "dev", "held out", "all"], ROWS.map(([name, of]) => [name, ...columns.map(of)])),
    "<h2>By tier</h2>",
    table(TIER_HEAD, tierRows(scored)),
    "<h2>Charts</h2>",
    ...pictures,
    "<h2>What went wrong</h2>",
    showHeldout ? "" : "<p>Held-out cases are counted above and not listed: whoever tunes must not see them.</p>",
    `<ul>${wrong.map((one) => `<li><code>${escapeXml(one.question.id)}</code> ${escapeXml(questionText(one))}<br>${problems(one).map(escapeXml).join("<br>")}</li>`).join("\n")}</ul>`,
    "</body></html>\n",
  ].join("\n");
} // prettier-ignore

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join("");
  const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n");
  return `<table><thead><tr>${cells("th", header)}</tr></thead><tbody>${body}</tbody></table>`;
}
