/** What the arms came to, case by case: the file that pages and tests are held against. */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { armsTable, verdictTable } from "./arms-text.ts";
import { verdicts, type Measured } from "./verdict.ts";

export const ARMS_REPORT = "evals/arms/report.json";

const MeasuredOnFile = z.strictObject({
  id: z.string(),
  cluster: z.string(),
  shape: z.string(),
  quality: z.number(),
  clean: z.number(),
  calls: z.number(),
  tokens: z.number(),
  usd: z.number().nullable(),
  latency_ms: z.number(),
});

const Report = z.strictObject({
  arms: z.array(z.strictObject({ name: z.string(), what: z.string(), measured: z.array(MeasuredOnFile) })),
});
export type ArmsReport = z.infer<typeof Report>;

export function readArmsReport(file = ARMS_REPORT): ArmsReport {
  return Report.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** One case per line, times in whole milliseconds, so that a change shows in a diff. */
export function writeArmsReport(file: string, { arms }: ArmsReport): void {
  const one = (measured: Measured) =>
    JSON.stringify({ ...measured, latency_ms: Math.round(measured.latency_ms) });
  const texts = arms.map(({ name, what, measured }) => {
    const lines = measured.map((each) => `        ${one(each)}`).join(",\n");
    return `    {\n      "name": ${JSON.stringify(name)},\n      "what": ${JSON.stringify(what)},\n      "measured": [\n${lines}\n      ]\n    }`;
  });
  writeFileSync(file, `{\n  "arms": [\n${texts.join(",\n")}\n  ]\n}\n`);
}

/** The table of all arms, then one table of verdicts per other arm: the first arm is ours. */
export function armsTables({ arms }: ArmsReport): string[] {
  const [ours, ...others] = arms;
  if (ours === undefined) return [];
  return [
    armsTable(arms),
    ...others.map(({ name, measured }) => verdictTable(name, verdicts(ours.measured, measured))),
  ];
}
