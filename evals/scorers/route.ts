/** Whether the question went to the right place: exactly the expected backends, or the expected kind of reply. */
import type { Expectation } from "../case.ts";
import type { ResponseOnWire } from "../wire.ts";

export interface Route {
  kind: "plan" | "direct" | "clarify" | "refuse" | "none";
  /** Sorted, each once. */
  backends: string[];
}

export interface RouteScore {
  correct: boolean;
  /** Label of a row and a column of the confusion matrix. */
  expected: string;
  actual: string;
  missed: string[];
  extra: string[];
}

/** A question back counts as `clarify`, whether the router or a backend asks it. */
export function routeOf(response: ResponseOnWire | null): Route {
  const outputs = response?.custom_outputs;
  if (!outputs?.plan) return { kind: "none", backends: [] };
  const backends = [...new Set(outputs.plan.steps.map((step) => step.backend))].sort();
  const calls = outputs.backend_calls;
  const asksBack = calls.length > 0 && calls.every((call) => call.status === "clarify");
  if (asksBack) return { kind: "clarify", backends };
  return { kind: outputs.plan.kind, backends: outputs.plan.kind === "plan" ? backends : [] };
}

export function scoreRoute(expected: Expectation, actual: Route): RouteScore {
  const wanted = [...new Set(expected.backends)].sort();
  const asked = actual.kind === "plan" ? actual.backends : [];
  const missed = wanted.filter((backend) => !asked.includes(backend));
  const extra = asked.filter((backend) => !wanted.includes(backend));
  return {
    correct: actual.kind === expected.kind && missed.length === 0 && extra.length === 0,
    expected: label(expected.kind, wanted),
    actual: label(actual.kind, asked),
    missed,
    extra,
  };
}

function label(kind: string, backends: string[]): string {
  if (kind !== "plan") return kind;
  return backends.length > 1 ? "several" : (backends[0] ?? "none");
}
