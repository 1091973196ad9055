/** The abstention threshold and its guarantee. */
import { describe, expect, it } from "vitest";
import { binomialCdf, calibrate, fewestForBound, upperBound, type Outcome } from "../../routing/calibrate.ts";
import { seededRandom } from "../../routing/random.ts";

describe("upperBound", () => {
  it("agrees with the closed form without errors", () => {
    expect(upperBound(0, 100, 0.05)).toBeCloseTo(1 - 0.05 ** (1 / 100), 10);
  });

  it("agrees with published one-sided bounds", () => {
    // R: binom.test(2, 50, alternative = "less", conf.level = 0.95)$conf.int
    expect(upperBound(2, 50, 0.05)).toBeCloseTo(0.1206, 4);
    // qbeta(0.9, 6, 995)
    expect(upperBound(5, 1000, 0.1)).toBeCloseTo(0.00925, 4);
  });

  it("is 1 when nothing or everything is wrong", () => {
    expect(upperBound(0, 0, 0.1)).toBe(1);
    expect(upperBound(7, 7, 0.1)).toBe(1);
  });
});

describe("binomialCdf", () => {
  it("adds up to one and holds for thousands of trials", () => {
    expect(binomialCdf(10, 10, 0.3)).toBeCloseTo(1, 12);
    expect(binomialCdf(0, 3, 0.5)).toBeCloseTo(0.125, 12);
    expect(binomialCdf(50, 5000, 0.01)).toBeCloseTo(0.5376, 3);
  });
});

describe("calibrate", () => {
  it("says that there are not enough labels instead of guessing", () => {
    const outcomes = Array.from({ length: 100 }, () => ({ probability: 0.99, right: true }));
    const result = calibrate(outcomes, 0.98);
    expect(result).toMatchObject({
      threshold: null,
      achievable: false,
      n: 100,
      accepted: 0,
      precision: null,
    });
    expect(result.message).toBe("Not enough labels: 100 of at least 114 that a precision of 98 % needs.");
    expect(fewestForBound(0.02, 0.1)).toBe(114);
  });

  it("takes the laxest threshold whose bound and all stricter ones hold", () => {
    const sure: Outcome[] = Array.from({ length: 300 }, () => ({ probability: 0.97, right: true }));
    const unsure: Outcome[] = Array.from({ length: 100 }, (_, i) => ({
      probability: 0.7,
      right: i % 2 === 0,
    }));
    expect(calibrate([...sure, ...unsure], 0.98)).toMatchObject({
      threshold: 0.72,
      accepted: 300,
      precision: 1,
      achievable: true,
    });
  });

  it("decides nothing when the surest answers are wrong too often", () => {
    const outcomes = Array.from({ length: 400 }, (_, i) => ({ probability: 0.999, right: i % 10 !== 0 }));
    expect(calibrate(outcomes, 0.95).threshold).toBeNull();
  });

  it("misses the target in at most the nominal share of 200 resplits", () => {
    const target = 0.95;
    const delta = 0.1;
    const random = seededRandom(7);
    let missed = 0;
    let useful = 0;
    for (let round = 0; round < 200; round++) {
      const { threshold } = calibrate(draw(1_000, random), target, delta);
      if (threshold === null) continue;
      useful++;
      if (truePrecision(threshold) < target) missed++;
    }
    expect(useful).toBeGreaterThan(150);
    expect(missed / 200).toBeLessThanOrEqual(delta);
  });
});

/** A world whose truth is known: probabilities uniform in [0.3, 1], right with the fourth root's chance. */
function chanceOfRight(probability: number): number {
  return probability ** 0.25;
}

function draw(n: number, random: () => number): Outcome[] {
  return Array.from({ length: n }, () => {
    const probability = 0.3 + 0.7 * random();
    return { probability, right: random() < chanceOfRight(probability) };
  });
}

/** Mean of the fourth root between the threshold and 1. */
function truePrecision(threshold: number): number {
  return (4 / 5) * ((1 - threshold ** 1.25) / (1 - threshold));
}
