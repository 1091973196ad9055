import { areaUnderRisk, riskCoverage } from "../../evals/stats/risk-coverage.ts";
import { describe, expect, it } from "vitest";
import { pairedBootstrap } from "../../evals/stats/paired-bootstrap.ts";
import { quantile } from "../../evals/stats/quantile.ts";
import { wilson } from "../../evals/stats/wilson.ts";

describe("wilson", () => {
  it.each([
    [8, 10, 0.4902, 0.9433],
    [0, 20, 0, 0.1611],
    [20, 20, 0.8389, 1],
    [500, 1_000, 0.4691, 0.5309],
  ])("gives the published interval for %i of %i", (hits, total, low, high) => {
    const interval = wilson(hits, total);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it("knows nothing when nothing was counted", () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe("quantile", () => {
  it("interpolates between order statistics", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.95)).toBeCloseTo(4.8, 9);
    expect(quantile([7], 0.95)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe("pairedBootstrap", () => {
  const pairs = (n: number, change: (i: number) => number) =>
    Array.from({ length: n }, (_, i) => ({ cluster: String(i), before: 0.5, after: 0.5 + change(i) }));

  it("finds no difference between equal runs", () => {
    expect(pairedBootstrap(pairs(100, () => 0))).toEqual({ mean: 0, low: 0, high: 0 });
  });

  it("sees a drop that is larger than chance", () => {
    const drop = pairedBootstrap(pairs(200, (i) => (i % 10 === 0 ? -0.5 : 0)));
    expect(drop.mean).toBeCloseTo(-0.05, 9);
    expect(drop.high).toBeLessThan(-0.02);
  });

  it("trusts repeated cases of one cluster no more than one", () => {
    const same = Array.from({ length: 100 }, (_, i) => ({
      cluster: String(i % 4),
      before: 0,
      after: i % 4 === 0 ? 1 : 0,
    }));
    const apart = same.map((pair, i) => ({ ...pair, cluster: String(i) }));
    const width = (p: typeof same) => pairedBootstrap(p).high - pairedBootstrap(p).low;
    expect(width(same)).toBeGreaterThan(width(apart) * 3);
  });

  it("is the same in every run", () => {
    const noisy = pairs(50, (i) => ((i * 7) % 5) / 10 - 0.2);
    expect(pairedBootstrap(noisy)).toEqual(pairedBootstrap(noisy));
  });
});

describe("the risk-coverage curve", () => {
  const judged = [
    { confidence: 0.9, right: true },
    { confidence: 0.5, right: false },
    { confidence: 0.7, right: true },
    { confidence: 0.5, right: true },
  ];

  it("falls with what is left out, equally sure answers entering together", () => {
    expect(riskCoverage(judged)).toEqual([
      { coverage: 0.25, risk: 0 },
      { coverage: 0.5, risk: 0 },
      { coverage: 1, risk: 0.25 },
    ]);
  });

  it("has an area that counts only wrong answers, and none without any", () => {
    expect(areaUnderRisk(riskCoverage(judged))).toBe(0.125);
    expect(areaUnderRisk([])).toBeNull();
  });
});
