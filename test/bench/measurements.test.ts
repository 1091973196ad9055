import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { startChild } from "../../bench/child.ts";
import { createClient } from "../../bench/client.ts";
import { measure } from "../../bench/load.ts";
import { median, quantile } from "../../bench/median.ts";
import { processUsage } from "../../bench/process-usage.ts";
import { reportTable } from "../../bench/report.ts";

const LINUX = process.platform === "linux";

describe("the floor over the fake upstream", () => {
  it("makes three upstream calls per question and gives the whole answer, streamed or not", async () => {
    const upstream = await startChild("bench/upstream/main.ts", ["5"], process.env);
    const floor = await startChild("bench/floor/main.ts", [upstream.url], process.env);
    const client = createClient(floor.url, "done [1]", 4);
    try {
      const measured = await measure(client, floor.pid, { stream: true, concurrency: 2, requests: 10 });
      await measure(client, floor.pid, { stream: false, concurrency: 1, requests: 5 });
      const { calls } = (await (await fetch(`${upstream.url}/_calls`)).json()) as { calls: number };
      expect(calls).toBe(45);
      expect(measured.requests_per_s).toBeGreaterThan(0);
      expect(measured.first_text_p50_ms).toBeLessThanOrEqual(measured.p50_ms);
    } finally {
      await client.close();
      await floor.close();
      await upstream.close();
    }
  });

  it("takes an answer without the expected words for no answer", async () => {
    const upstream = await startChild("bench/upstream/main.ts", ["5"], process.env);
    const client = createClient(upstream.url, "done [1]", 1);
    try {
      await expect(client.ask(false)).rejects.toThrow("Status 404, and not the answer");
    } finally {
      await client.close();
      await upstream.close();
    }
  });
});

describe("processUsage", () => {
  it.runIf(LINUX)("sees a process's CPU time grow and its memory", () => {
    const before = processUsage(process.pid);
    const until = Date.now() + 60;
    while (Date.now() < until) Math.sqrt(2);
    const after = processUsage(process.pid);
    expect(after?.cpu_s).toBeGreaterThan(before?.cpu_s ?? Infinity);
    expect(after?.rss).toBeGreaterThan(10_000_000);
  });

  it("knows nothing of a process that has ended", () => {
    const { pid } = spawnSync(process.execPath, ["-e", "0"]);
    expect(processUsage(pid)).toBeNull();
  });
});

describe("the report", () => {
  it("shows both servers and their ratio", () => {
    const one = (x: number) => ({
      p50_ms: x,
      p95_ms: x,
      first_text_p50_ms: x,
      requests_per_s: x,
      cpu_ms: x,
      rss_mb: x,
    });
    const load = { stream: true, concurrency: 32, requests: 10 };
    const text = reportTable([
      { load, ours: one(6), floor: one(2), ratio: one(3), added_ms: 4, calls: { ours: 3, floor: 3 } },
    ]);
    expect(text.split("\n").slice(2)).toEqual([
      "| stream, 32 at once | ours | 6.0 | 6.0 | 6.0 | 6 | 6.0 | 6 | 3.0 |",
      "|  | floor | 2.0 | 2.0 | 2.0 | 2 | 2.0 | 2 | 3.0 |",
      "|  | ratio (adds 4.0 ms) | 3.00 | 3.00 | 3.00 | 3.00 | 3.00 | 3.00 |  |",
    ]);
  });

  it("takes medians and quantiles by interpolation", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(quantile([1, 2, 3, 4, 5], 0.95)).toBeCloseTo(4.8, 9);
  });
});
