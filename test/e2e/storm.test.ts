import { expect, it } from "vitest";
import { DEADLINE_MS, stormServer } from "./storm.ts";

/** STORM_REQUESTS=1000 is the long form (`npm run test:storm`). */
const REQUESTS = Number(process.env.STORM_REQUESTS ?? 150);

it("ends every request with an answer that names what is missing, or a documented failure, and leaves nothing behind", async () => {
  const { odd, unhandled, warnings, handles, listeners, ...report } = await stormServer(REQUESTS, 50, 0.3);
  if (process.env.STORM_REQUESTS !== undefined)
    process.stdout.write(`${JSON.stringify({ ...report, handles, listeners })}\n`);
  expect(odd).toEqual([]);
  expect(unhandled).toEqual([]);
  expect(warnings).toEqual([]);
  const failed = Object.values(report.failed).reduce((sum, count) => sum + count, 0);
  expect(report.whole + report.with_gaps + failed).toBe(REQUESTS);
  expect(report.with_gaps).toBeGreaterThan(0);
  // A busy machine may run a timer late; a request that ignores its deadline would be late by much more.
  expect(report.longest_ms).toBeLessThan(DEADLINE_MS + 5_000);
  expect(handles[1]).toBeLessThanOrEqual(handles[0] + 1);
  expect(listeners[1]).toBeLessThanOrEqual(listeners[0]);
}, 300_000);
