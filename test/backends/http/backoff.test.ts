import { expect, it } from "vitest";
import { backoffMs, RETRY_BACKOFF, wishedWaitMs } from "../../../backends/http/backoff.ts";

it("waits a random part of a time that doubles, up to its limit", () => {
  const most = [1, 2, 3, 6, 7, 40].map((attempt) => backoffMs(attempt, RETRY_BACKOFF, () => 1));
  expect(most).toEqual([250, 500, 1_000, 8_000, 8_000, 8_000]);
  expect(backoffMs(3, RETRY_BACKOFF, () => 0)).toBe(0);
  expect(backoffMs(3, RETRY_BACKOFF, () => 0.5)).toBe(500);
});

it("waits as long as it was asked to and never less, spread a little", () => {
  expect([wishedWaitMs(1_000, () => 0), wishedWaitMs(1_000, () => 0.999)]).toEqual([1_000, 1_249.75]);
});
