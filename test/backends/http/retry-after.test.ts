import { expect, it } from "vitest";
import { retryAfterMs } from "../../../backends/http/retry-after.ts";

const now = Date.parse("2026-11-21T10:00:00Z");

it.each([
  ["3", 3_000],
  ["0", 0],
  ["1.5", 1_500],
  ["Sat, 21 Nov 2026 10:00:30 GMT", 30_000],
  ["Sat, 21 Nov 2026 09:00:00 GMT", 0],
  ["soon", undefined],
  ["-5", undefined],
  [undefined, undefined],
])("reads %s as %s", (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});
