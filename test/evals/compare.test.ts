import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compareReports, comparisonText } from "../../evals/compare.ts";

const folder = mkdtempSync(path.join(tmpdir(), "evals-compare-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A report of `n` cases whose routes are right as told; every tenth case has numbers. */
function report(name: string, n: number, right: (i: number) => boolean): string {
  const cases = Array.from({ length: n }, (_, i) => ({
    id: `c${i}`,
    cluster: `k${Math.floor(i / 2)}`,
    route: { correct: right(i) },
    plan: { exact: right(i) },
    numbers: i % 10 === 0 ? { correct: true } : null,
  }));
  const file = path.join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ cases }));
  return file;
}

describe("comparing two runs", () => {
  const good = report("good", 200, (i) => i % 20 !== 0);

  it("finds no difference between a run and itself", () => {
    for (const { mean, verdict, cases, detectable } of compareReports(good, good)) {
      expect([mean, verdict, detectable]).toEqual([0, "no difference shown", 3 / cases]);
    }
  });

  it("calls a router that loses a tenth of the questions worse, and back again better", () => {
    const bad = report("bad", 200, (i) => i % 20 !== 0 && i % 10 !== 3);
    expect(compareReports(good, bad)[0]).toMatchObject({ metric: "routing", cases: 200, verdict: "worse" });
    expect(compareReports(bad, good)[0]?.verdict).toBe("better");
  });

  it("pairs the cases that both runs hold, and only where both are scored", () => {
    const part = report("part", 50, () => true);
    expect(compareReports(good, part).map(({ metric, cases }) => [metric, cases])).toEqual([
      ["routing", 50],
      ["plan", 50],
      ["numbers", 5],
    ]);
    expect(() =>
      compareReports(
        good,
        report("none", 0, () => true),
      ),
    ).toThrow("share no case");
  });

  it("leaves out what neither run scored in any shared case", () => {
    const bare = path.join(folder, "bare.json");
    const one = { id: "c0", cluster: "k", route: { correct: true }, plan: { exact: true }, numbers: null };
    writeFileSync(bare, JSON.stringify({ cases: [one] }));
    expect(compareReports(bare, bare).map(({ metric }) => metric)).toEqual(["routing", "plan"]);
  });

  it("says what could have been seen", () => {
    const text = comparisonText([{ metric: "plan", cases: 80, mean: -0.05, low: -0.12, high: 0.02, detectable: 0.1, verdict: "no difference shown" }]); // prettier-ignore
    expect(text).toBe(
      "plan     -5.0 points (-12.0 to +2.0, 80 cases): no difference shown; a difference of 10.0 points would be seen four times out of five",
    );
  });
});
