import { describe, expect, it } from "vitest";
import { ERROR_KINDS, measurePlanted } from "./planted/measure.ts";

describe("600 numeric answers, true and with planted errors", () => {
  const { answers, tallies, alarms } = measurePlanted(20_251_101, 600);

  it.each(ERROR_KINDS)("catches at least 95 % of the answers with a planted %s", (kind) => {
    const { planted, caught } = tallies[kind];
    expect(planted).toBeGreaterThan(100);
    expect(caught / planted).toBeGreaterThanOrEqual(0.95);
  });

  it("raises a false alarm on at most 2 % of the true answers", () => {
    expect(alarms.length / answers).toBeLessThanOrEqual(0.02);
  });
});
