/** The report as JUnit XML: one suite per split, one test case per question. */
import type { Scored } from "../score-case.ts";
import { problems } from "./problems.ts";

/** `showHeldout` says what is wrong with held-out cases too; that they failed always shows. */
export function junitReport(scored: readonly Scored[], showHeldout: boolean): string {
  const suites = (["dev", "heldout"] as const).flatMap((split) => {
    const part = scored.filter(({ question }) => question.split === split);
    if (part.length === 0) return [];
    const failed = part.filter((one) => problems(one).length > 0).length;
    const cases = part.map((one) => testCase(one, split === "dev" || showHeldout));
    const head = `  <testsuite name="${split}" tests="${part.length}" failures="${failed}" time="${seconds(part)}">`;
    return [head, ...cases, "  </testsuite>"];
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="evals">',
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(scored: Scored, open: boolean): string {
  const { question } = scored;
  const wrong = problems(scored);
  const head = `    <testcase classname="${escapeXml(question.category)}" name="${escapeXml(question.id)}" time="${seconds([scored])}"`;
  if (wrong.length === 0) return `${head}/>`;
  const told = open ? wrong : ["This case is held out; what is wrong is not told."];
  return `${head}><failure message="${escapeXml(told[0] ?? "")}">${escapeXml(told.join("\n"))}</failure></testcase>`;
}

function seconds(scored: readonly Scored[]): string {
  return (scored.reduce((sum, { outcome }) => sum + outcome.latency_ms, 0) / 1_000).toFixed(3);
}

/** Control characters are no XML at all. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, "?")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
