/** Runs of the graph: nodes, steps, routing, tokens and money. */
import { Counter, Histogram, type Registry } from "prom-client";
import { SECONDS } from "./request-metrics.ts";

export interface StepOutcome {
  backend: string;
  status: string;
  /** Code of the failure, else empty. */
  code: string;
  seconds: number;
  queued_seconds: number;
}

export interface CallCost {
  node: string;
  /** Null: not reported. */
  input_tokens: number | null;
  output_tokens: number | null;
  /** Null: no price is known. */
  usd: number | null;
}

export interface RunMetrics {
  ended(status: string, seconds: number): void;
  firstText(seconds: number): void;
  node(name: string, seconds: number): void;
  routed(tier: string, kind: string): void;
  step(outcome: StepOutcome): void;
  cost(cost: CallCost): void;
  verified(ok: boolean): void;
  stopped(budget: string): void;
  /** What the routing on trial would have done. */
  shadowed(agreed: boolean): void;
}

export function runMetrics(registry: Registry): RunMetrics {
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name: `orchestrator_${name}`, help, labelNames, registers: [registry] });
  const histogram = (name: string, help: string, labelNames: string[]) =>
    new Histogram({
      name: `orchestrator_${name}`,
      help,
      labelNames,
      buckets: SECONDS,
      registers: [registry],
    });
  const runs = counter("runs_total", "Turns by how they ended.", ["status"]);
  const duration = histogram("run_duration_seconds", "Time of a turn.", ["status"]);
  const first = histogram("time_to_first_text_seconds", "From the start of a turn to the first text.", []);
  const nodes = histogram("node_duration_seconds", "Time in a node of the graph.", ["node"]);
  const routed = counter("routed_total", "Plans by the tier that decided and what came of it.", [
    "tier",
    "kind",
  ]);
  const abstained = counter("abstentions_total", "Questions that were refused or asked back.", ["kind"]);
  const steps = counter("steps_total", "Questions to backends by outcome.", ["backend", "status", "code"]);
  const stepTime = histogram("step_duration_seconds", "Time of a question to a backend.", ["backend"]);
  const queued = histogram("step_queued_seconds", "Time that a question waited for a place.", ["backend"]);
  const tokens = counter("tokens_total", "Tokens by node, where reported.", ["node", "direction"]);
  const silent = counter("calls_without_usage_total", "Calls whose callee reported no tokens.", ["node"]);
  const cost = counter("cost_usd_total", "Dollars by node, where a price is known.", ["node"]);
  const unpriced = counter("calls_without_price_total", "Calls whose price is unknown.", ["node"]);
  const verified = counter("verified_total", "Answers checked against their evidence.", ["result"]);
  const stopped = counter("budget_stops_total", "Turns cut short by a budget.", ["budget"]);
  const shadowed = counter("shadow_decisions_total", "Questions that the routing on trial decided, too.", [
    "result",
  ]);
  return {
    ended(status, seconds) {
      runs.inc({ status });
      duration.observe({ status }, seconds);
    },
    firstText: (seconds) => first.observe(seconds),
    node: (node, seconds) => nodes.observe({ node }, seconds),
    routed(tier, kind) {
      routed.inc({ tier, kind });
      if (kind === "refuse" || kind === "clarify") abstained.inc({ kind });
    },
    step({ backend, status, code, seconds, queued_seconds }) {
      steps.inc({ backend, status, code });
      stepTime.observe({ backend }, seconds);
      queued.observe({ backend }, queued_seconds);
    },
    cost({ node, input_tokens, output_tokens, usd }) {
      if (input_tokens === null || output_tokens === null) silent.inc({ node });
      else {
        tokens.inc({ node, direction: "input" }, input_tokens);
        tokens.inc({ node, direction: "output" }, output_tokens);
      }
      if (usd === null) unpriced.inc({ node });
      else cost.inc({ node }, usd);
    },
    verified: (ok) => verified.inc({ result: ok ? "pass" : "fail" }),
    shadowed: (agreed) => shadowed.inc({ result: agreed ? "agreed" : "disagreed" }),
    stopped: (budget) => stopped.inc({ budget }),
  };
}
