/** The folder of a finished run with two questions: one answered and judged, one that failed. */
import { writeFileSync } from "node:fs";
import path from "node:path";

const share = (value: number | null) => ({ value, hits: 0, total: 0, low: 0, high: 1 });
const summary = (cases: number) => ({ cases, routing: share(0.5), plan: share(1), numbers: share(null), citations: share(1) }); // prettier-ignore

/** `traces`: of the two answers. */
export function writeRun(folder: string, traces: (string | null)[]): void {
  const file = (name: string) => path.join(folder, name);
  const question = (id: string, input: string) => ({ id, cluster: id, split: "dev", category: "single", input, expect: { kind: "plan", backends: ["genie"], edges: [], facts: ["42.5"] }, source: { kind: "human" } }); // prettier-ignore
  const reported = (id: string, correct: boolean) => ({ id, route: { correct }, plan: { exact: true }, numbers: correct ? { correct } : null, contains: null, citations: null }); // prettier-ignore
  const outcome = (id: string, text: string, error: string | null, trace_id: string | null) => ({ id, response: null, text, error, latency_ms: 12.4, trace_id }); // prettier-ignore
  const lines = (...rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  writeFileSync(file("dataset.jsonl"), lines(question("a", "MRR?"), question("b", "And churn?")));
  writeFileSync(
    file("outcomes.jsonl"),
    lines(outcome("a", "42.5", null, traces[0] ?? null), outcome("b", "", "Broken.", traces[1] ?? null)),
  );
  const verdict = { judge: "relevance", version: "0123456789ab", subject: "a", part: "", result: "yes", rationale: "It is.", }; // prettier-ignore
  const failed = { ...verdict, judge: "safety", result: "error", rationale: "timeout" };
  writeFileSync(file("judges.json"), JSON.stringify({ model: "m", verdicts: [verdict, failed] }));
  const head = { time: "2026-11-21T00:00:00.000Z", dataset: file("dataset.jsonl"), revision: "abc", node: "v20", concurrency: 1 }; // prettier-ignore
  const totals = { dev: summary(2), heldout: summary(0), all: summary(2) };
  writeFileSync(file("report.json"), JSON.stringify({ ...head, summary: totals, cases: [reported("a", true), reported("b", false)] })); // prettier-ignore
}
