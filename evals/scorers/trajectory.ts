/** Whether backends were asked in the expected groups: side by side where they may, one after another where they must. */
import type { Expectation } from "../case.ts";
import type { ResponseOnWire } from "../wire.ts";

export interface TrajectoryScore {
  /** The groups are the expected ones, in order; optional orders count either way. */
  exact: boolean;
  /** Backends that were asked side by side, group by group. */
  groups: string[][];
  /** Pairs of one group that were under way at the same time, and all pairs. */
  overlapping: number;
  pairs: number;
}

type Call = ResponseOnWire["custom_outputs"]["backend_calls"][number];
type Edge = readonly [string, string];

/** Null for a case that is to be answered without backends, or was. */
export function scoreTrajectory(
  expected: Expectation,
  response: ResponseOnWire | null,
): TrajectoryScore | null {
  const plan = response?.custom_outputs.plan ?? null;
  const calls = response?.custom_outputs.backend_calls ?? [];
  if (expected.kind !== "plan" || plan === null || calls.length === 0) return null;
  const asked = calls.map((call) => ({ ...call, depth: stepDepth(call.step, plan.steps) }));
  const last = Math.max(...asked.map(({ depth }) => depth));
  const waves = Array.from({ length: last + 1 }, (_, depth) => asked.filter((call) => call.depth === depth));
  const groups = waves
    .map((wave) => [...new Set(wave.map(({ backend }) => backend))].sort())
    .filter((g) => g.length > 0);
  const allowed = [expected.edges, [...expected.edges, ...expected.optional_edges]];
  const exact = allowed.some(
    (edges) => JSON.stringify(groupsOf(expected.backends, edges)) === JSON.stringify(groups),
  );
  const together = waves.flatMap(pairsOf);
  return { exact, groups, overlapping: together.filter(overlap).length, pairs: together.length };
}

function stepDepth(id: string, steps: readonly { id: string; depends_on: readonly string[] }[]): number {
  const step = steps.find((each) => each.id === id);
  return Math.max(0, ...(step?.depends_on ?? []).map((before) => stepDepth(before, steps) + 1));
}

function groupsOf(backends: readonly string[], edges: readonly Edge[]): string[][] {
  const depthOf = (backend: string): number =>
    Math.max(0, ...edges.filter(([, to]) => to === backend).map(([from]) => depthOf(from) + 1));
  const groups: string[][] = [];
  for (const backend of [...new Set(backends)].sort()) (groups[depthOf(backend)] ??= []).push(backend);
  return groups;
}

function pairsOf(wave: readonly Call[]): [Call, Call][] {
  return wave.flatMap((one, index) => wave.slice(index + 1).map((other): [Call, Call] => [one, other]));
}

function overlap([a, b]: [Call, Call]): boolean {
  return a.started_at <= b.started_at + b.duration_ms && b.started_at <= a.started_at + a.duration_ms;
}
