import { expect, it } from "vitest";
import { storm } from "./storm.ts";

it("leaves nothing behind after hundreds of questions with a third of the calls going wrong", async () => {
  const report = await storm(300, 50, 0.3, 1_500);
  expect(report.odd).toEqual([]);
  expect(report.unhandled).toEqual([]);
  expect(report.answered).toBeGreaterThan(100);
  expect(report.answered + Object.values(report.failed).reduce((sum, count) => sum + count, 0)).toBe(300);
  // A busy machine may run a timer late; a question that ignores its deadline would be late by much more.
  expect(report.latest_ms).toBeLessThan(10_000);
  expect(report.listeners).toBe(0);
  expect(report.handles[1]).toBeLessThanOrEqual(report.handles[0] + 1);
});
