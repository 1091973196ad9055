import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStack, type Stack } from "../e2e/stack.ts";
import { overlay } from "./overlay.ts";

let stack: Stack;
beforeAll(async () => {
  const dead = { otlp: { url: "http://127.0.0.1:9/v1/traces" } };
  const routing = { shadow: { share: 1, threshold: 0.5 } };
  stack = await startStack(overlay({ tracing: dead, routing }));
});
afterAll(() => stack.close());

type Samples = Map<string, number>;

async function scrape(): Promise<Samples> {
  const reply = await fetch(`${stack.url}/metrics`);
  expect(reply.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  const lines = (await reply.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(" ")),
      Number(line.slice(line.lastIndexOf(" ") + 1)),
    ]),
  );
}

describe("dashboard and alerts", () => {
  it("name metrics that exist", async () => {
    const text = await (await fetch(`${stack.url}/metrics`)).text();
    const known = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map((match) => match[1]));
    const files = ["docs/observability/grafana-dashboard.json", "docs/observability/alerts.yaml"];
    const named = files
      .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/\b((?:orchestrator|nodejs|process)_\w+)/g)])
      .map((match) => (match[1] ?? "").replace(/_bucket$/, ""));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("GET /metrics", () => {
  it("counts requests, nodes, steps, tokens, routing and unpriced calls of one question", async () => {
    await stack.ask({ input: "@policy_assistant What does the retention playbook say about low usage?" });
    await stack.ask({ input: "What will the weather be in Paris tomorrow?" });
    await fetch(`${stack.url}/responses`, {
      method: "POST",
      body: "{",
      headers: { "content-type": "application/json" },
    });
    const samples = await scrape();
    const value = (name: string) => samples.get(name);
    expect(value('orchestrator_http_requests_total{route="/responses",method="POST",status="200"}')).toBe(2);
    expect(value('orchestrator_http_requests_total{route="/responses",method="POST",status="400"}')).toBe(1);
    expect(value('orchestrator_http_request_duration_seconds_count{route="/responses",method="POST"}')).toBe(
      3,
    );
    expect(value('orchestrator_runs_total{status="completed"}')).toBe(2);
    expect(value("orchestrator_time_to_first_text_seconds_count")).toBe(2);
    expect(value('orchestrator_node_duration_seconds_count{node="classify"}')).toBe(2);
    expect(value('orchestrator_steps_total{backend="policy_assistant",status="ok",code=""}')).toBe(1);
    expect(value('orchestrator_routed_total{tier="rules",kind="plan"}')).toBe(1);
    expect(value('orchestrator_abstentions_total{kind="refuse"}')).toBe(1);
    expect(value('orchestrator_tokens_total{node="policy_assistant",direction="output"}')).toBeGreaterThan(0);
    expect(value('orchestrator_calls_without_price_total{node="policy_assistant"}')).toBe(1);
    expect([...samples.keys()].some((name) => name.startsWith("orchestrator_cost_usd_total{"))).toBe(false);
    expect(
      value('orchestrator_backend_breaker_state{backend="policy_assistant",kind="knowledge_assistant"}'),
    ).toBe(0);
    expect(
      value('orchestrator_backend_answered{backend="policy_assistant",kind="knowledge_assistant"}'),
    ).toBe(1);
    expect(value("orchestrator_open_streams")).toBe(0);
    expect(value('orchestrator_database_bytes{part="database"}')).toBeGreaterThan(0);
    expect(value("nodejs_eventloop_lag_seconds")).toBeGreaterThanOrEqual(0);
  });

  it("counts failures by code and spans that no collector took", async () => {
    await stack.admin("apps/retention-agent", { state: "STOPPED" });
    await stack.ask({ input: "@retention_agent Make a plan for Ploverstead Media" });
    await stack.admin("reset", {});
    const samples = await scrape();
    const failed = [...samples].filter(([name]) =>
      name.startsWith('orchestrator_steps_total{backend="retention_agent",status="failed"'),
    );
    expect(failed.map(([, count]) => count)).toEqual([1]);
    expect(samples.get('orchestrator_export_spans{destination="otlp",outcome="exported"}')).toBe(0);
  });

  it("counts what the routing on trial would have done", async () => {
    await stack.ask({ input: "What does the retention playbook say about low usage?" });
    const samples = await scrape();
    const decisions = [...samples].filter(([name]) =>
      name.startsWith("orchestrator_shadow_decisions_total{"),
    );
    expect(decisions).toEqual([['orchestrator_shadow_decisions_total{result="agreed"}', 1]]);
  });
});
