/** What recent calls took and cost, per backend and node of this process: the measured ground for expectations. */
import type { TurnResult } from "../graphs/run.ts";

export interface Measured {
  /** Calls that the figures come from. */
  calls: number;
  p50_ms: number;
  p95_ms: number;
  /** Mean of what is known; null when no call had a price. */
  mean_usd: number | null;
}

interface Call {
  ms: number;
  usd: number | null;
}

const KEPT = 200;

/** Forgotten when the process ends. */
export class StepHistory {
  readonly #calls = new Map<string, Call[]>();

  /** Backends count when they really answered, other nodes when they asked a model. */
  record({ findings, usage }: Pick<TurnResult, "findings" | "usage">): void {
    const backends = new Set(findings.map((finding) => finding.backend));
    for (const { backend, status, cached, duration_ms } of findings) {
      if (status !== "ok" || cached) continue;
      const usd = usage.find((entry) => entry.node === backend)?.usd ?? null;
      this.#keep(backend, { ms: duration_ms, usd });
    }
    for (const { node, latency_ms, usd } of usage)
      if (!backends.has(node)) this.#keep(node, { ms: latency_ms, usd });
  }

  of(name: string): Measured | null {
    const calls = this.#calls.get(name) ?? [];
    if (calls.length === 0) return null;
    const times = calls.map(({ ms }) => ms).sort((a, b) => a - b);
    const prices = calls.flatMap(({ usd }) => (usd === null ? [] : [usd]));
    return {
      calls: calls.length,
      p50_ms: at(times, 0.5),
      p95_ms: at(times, 0.95),
      mean_usd: prices.length === 0 ? null : prices.reduce((sum, usd) => sum + usd, 0) / prices.length,
    };
  }

  #keep(name: string, call: Call): void {
    const calls = this.#calls.get(name) ?? [];
    calls.push(call);
    if (calls.length > KEPT) calls.shift();
    this.#calls.set(name, calls);
  }
}

/** Nearest rank. */
function at(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
