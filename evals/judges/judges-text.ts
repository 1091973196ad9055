/** The judges' verdicts as Markdown: never a bare share of a judge that nobody checked. */
import { ENOUGH_LABELS, type JudgeSummary } from "./calibration.ts";
import type { Verdict } from "./verdict.ts";

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

export function judgesText(
  model: string,
  summaries: readonly JudgeSummary[],
  verdicts: readonly Verdict[],
): string {
  const rows = summaries.map(
    ({ judge, version, called, errors, labels, sensitivity, specificity, ...rest }) => {
      const share = called.total === 0 ? "none" : `${percent(called.hits / called.total)} of ${called.total}`;
      const agreement =
        sensitivity.total + specificity.total === 0
          ? "no labels"
          : `${sensitivity.hits}/${sensitivity.total} good, ${specificity.hits}/${specificity.total} bad`;
      const real = rest.corrected;
      const state = !rest.calibrated
        ? `uncalibrated (${labels} of ${ENOUGH_LABELS} labels)`
        : real === null
          ? "no better than a coin"
          : `${percent(real.value)} (${percent(real.low)} to ${percent(real.high)})`;
      return `| ${[judge, version, share, `${errors}`, agreement, state].join(" | ")} |`;
    },
  );
  return [
    `# Judges, by ${model}`,
    "",
    `A verdict of an uncalibrated judge is an opinion: look at it, do not gate by it. A judge is calibrated by ${ENOUGH_LABELS} labels of people, at least five of each kind.`,
    "",
    "| Judge | Version | Said yes | Errors | Agreed with people | Really good (95 %) |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
    ...refusals(verdicts),
    "",
  ].join("\n");
}

/** What a person would look at first. */
function refusals(verdicts: readonly Verdict[]): string[] {
  const no = verdicts.filter(({ result }) => result === "no");
  if (no.length === 0) return [];
  const line = ({ judge, subject, part, rationale }: Verdict) =>
    `- ${judge}, ${subject}${part === "" ? "" : `, ${part}`}: ${rationale.replaceAll(/\s+/g, " ").slice(0, 300)}`;
  return ["## Said no", "", ...no.slice(0, 100).map(line)];
}
