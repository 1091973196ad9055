import { expect, it } from "vitest";
import { stormServer, type Storm } from "./storm.ts";

/**
 * STORM_REQUESTS=1000 is the long form (`npm run test:storm`), for a quiet machine. Client, server and sandbox share one
 * process, and requests wait for each other in it: the short form has fewer at once and a later deadline.
 */
const LONG = process.env.STORM_REQUESTS !== undefined;
const REQUESTS = Number(process.env.STORM_REQUESTS ?? 150);
const STORM: Storm = LONG
  ? { requests: REQUESTS, at_once: 50, share: 0.3, deadline_ms: 10_000 }
  : { requests: REQUESTS, at_once: 20, share: 0.3, deadline_ms: 30_000 };

it("ends every request with an answer that names what is missing, or a documented failure, and leaves nothing behind", async () => {
  const { odd, unhandled, warnings, handles, listeners, ...report } = await stormServer(STORM);
  if (LONG) process.stdout.write(`${JSON.stringify({ ...report, handles, listeners })}\n`);
  expect(odd).toEqual([]);
  expect(unhandled).toEqual([]);
  expect(warnings).toEqual([]);
  const failed = Object.values(report.failed).reduce((sum, count) => sum + count, 0);
  expect(report.whole + report.with_gaps + failed).toBe(REQUESTS);
  expect(report.with_gaps).toBeGreaterThan(0);
  // A busy machine may run a timer late; a request that ignores its deadline would be late by much more.
  expect(report.longest_ms).toBeLessThan(STORM.deadline_ms + 5_000);
  expect(handles[1]).toBeLessThanOrEqual(handles[0] + 1);
  expect(listeners[1]).toBeLessThanOrEqual(listeners[0]);
}, 300_000);
