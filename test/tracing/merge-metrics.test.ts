import { expect, it } from "vitest";
import type { BackendSnapshot } from "../../backends/backend-snapshot.ts";
import { createMetrics } from "../../tracing/metrics/create-metrics.ts";
import { countsOf, mergeMetrics, metricsText } from "../../tracing/metrics/merge-metrics.ts";

const SNAPSHOT: BackendSnapshot = {
  name: "docs",
  kind: "knowledge_assistant",
  identity: "app",
  breaker: "closed",
  calls: 3,
  retries: 0,
  failures: {},
  active: 1,
  waiting: 0,
  asked: 3,
  answered: 2,
  failed: 0,
  cached: 0,
};

function metrics(breaker: BackendSnapshot["breaker"]) {
  return createMetrics({
    backends: () => [{ ...SNAPSHOT, breaker }],
    exports: () => ({}),
    assessments: () => ({ done: 0, failed: 0, dropped: 0 }),
    sizes: async () => ({ database: 4_096 }),
  });
}

it("adds up what processes did, takes the worst breaker, and the one database once", async () => {
  const [one, other] = [metrics("closed"), metrics("open")];
  one.runs.ended("completed", 2);
  other.runs.ended("completed", 3);
  const numbers = await Promise.all([one, other].map((each) => each.numbers()));
  const text = await metricsText(await mergeMetrics(structuredClone(numbers)));
  const lines = text.split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      'orchestrator_runs_total{status="completed"} 2',
      'orchestrator_run_duration_seconds_sum{status="completed"} 5',
      'orchestrator_run_duration_seconds_bucket{le="+Inf",status="completed"} 2',
      'orchestrator_backend_active{backend="docs",kind="knowledge_assistant"} 2',
      'orchestrator_backend_breaker_state{backend="docs",kind="knowledge_assistant"} 2',
      'orchestrator_database_bytes{part="database"} 4096',
      "orchestrator_processes 2",
    ]),
  );
  expect(lines.filter((line) => /(nan|null)$/i.test(line))).toEqual([]);
});

it("keeps the counts of a process that ended, and nothing of how it stood", async () => {
  const ended = metrics("open");
  ended.runs.ended("completed", 2);
  const counts = countsOf(await ended.numbers());
  const text = await metricsText(await mergeMetrics([counts, await metrics("closed").numbers()]));
  expect(text).toContain('orchestrator_runs_total{status="completed"} 1');
  expect(text).toContain('orchestrator_backend_breaker_state{backend="docs",kind="knowledge_assistant"} 0');
  expect(text).toContain("orchestrator_processes 1");
});
