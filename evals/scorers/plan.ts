/** Whether the right steps stand in the right order: node and edge F1 (TaskBench), and the exact match. */
import type { Expectation } from "../case.ts";
import type { PlanOnWire, ResponseOnWire } from "../wire.ts";
import { routeOf, scoreRoute } from "./route.ts";

export interface PlanScore {
  /** The right backends, every needed order kept, and no order that nobody needs. */
  exact: boolean;
  node_f1: number;
  /** Over orders implied by others too; optional ones are not counted. 1 when neither side has any. */
  edge_f1: number;
}

/** A question that is to be answered without backends is exact when its route is right. */
export function scorePlan(expected: Expectation, response: ResponseOnWire | null): PlanScore {
  const route = routeOf(response);
  const { correct } = scoreRoute(expected, route);
  const plan = response?.custom_outputs.plan ?? null;
  const nodes = f1(new Set(expected.backends), new Set(route.kind === "plan" ? route.backends : []));
  if (expected.kind !== "plan") return { exact: correct, node_f1: correct ? 1 : 0, edge_f1: correct ? 1 : 0 };
  const wanted = closure(expected.edges.map(key));
  const optional = closure([...expected.edges, ...expected.optional_edges].map(key));
  const found = new Set([...orders(plan)].filter((edge) => wanted.has(edge) || !optional.has(edge)));
  const edges = f1(wanted, found);
  return { exact: correct && edges === 1, node_f1: nodes, edge_f1: edges };
}

type EdgeKey = `${string}>${string}`;

function key([from, to]: readonly [string, string]): EdgeKey {
  return `${from}>${to}`;
}

/** Orders between backends; two questions to one backend count as that backend. */
function orders(plan: PlanOnWire | null): Set<EdgeKey> {
  const backendOf = new Map(plan?.steps.map((step) => [step.id, step.backend]));
  const direct = (plan?.steps ?? []).flatMap((step) =>
    step.depends_on.flatMap((id) => {
      const from = backendOf.get(id);
      return from === undefined || from === step.backend ? [] : [key([from, step.backend])];
    }),
  );
  return closure(direct);
}

/** With what follows: a before b and b before c is also a before c. */
function closure(edges: readonly EdgeKey[]): Set<EdgeKey> {
  const all = new Set(edges);
  for (const one of all) {
    const [from = "", middle = ""] = one.split(">");
    for (const other of all) {
      const [start = "", end = ""] = other.split(">");
      if (start === middle && end !== from) all.add(key([from, end]));
      if (end === from && start !== middle) all.add(key([start, middle]));
    }
  }
  return all;
}

/** 1 for two empty sets. */
export function f1(expected: ReadonlySet<string>, found: ReadonlySet<string>): number {
  if (expected.size === 0 && found.size === 0) return 1;
  const common = [...found].filter((item) => expected.has(item)).length;
  return (2 * common) / (expected.size + found.size);
}
