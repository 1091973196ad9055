/** Measures both servers in turn, round after round, so that the machine's moods fall on both. */
import type { Arena } from "./arena.ts";
import { measure, type Load, type Measured } from "./load.ts";
import { median } from "./median.ts";

export interface Comparison {
  load: Load;
  ours: Measured;
  floor: Measured;
  /** Median over the rounds of ours divided by the floor of the same round. */
  ratio: Record<keyof Measured, number>;
  /** p50 of ours less p50 of the floor: what we add to a request, milliseconds; median over rounds. */
  added_ms: number;
  /** Upstream calls per request, which must be the same. */
  calls: { ours: number; floor: number };
}

const KEYS = ["p50_ms", "p95_ms", "first_text_p50_ms", "requests_per_s", "cpu_ms", "rss_mb"] as const;

export async function compare(arena: Arena, load: Load, rounds: number): Promise<Comparison> {
  const results: Record<"ours" | "floor", Measured[]> = { ours: [], floor: [] };
  const calls = { ours: 0, floor: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? arena.subjects : arena.subjects.toReversed();
    for (const { name, child, client } of order) {
      const before = await arena.upstreamCalls();
      results[name].push(await measure(client, child.pid, load));
      calls[name] += ((await arena.upstreamCalls()) - before) / (load.requests * rounds);
    }
  }
  const of = (name: "ours" | "floor", key: keyof Measured) => results[name].map((measured) => measured[key]);
  const pick = (values: (key: keyof Measured) => number) => Object.fromEntries(KEYS.map((key) => [key, values(key)])) as Record<keyof Measured, number>; // prettier-ignore
  const each = (key: keyof Measured, join: (ours: number, floor: number) => number) =>
    median(of("ours", key).map((ours, i) => join(ours, of("floor", key)[i] ?? Number.NaN)));
  return {
    load,
    ours: pick((key) => median(of("ours", key))),
    floor: pick((key) => median(of("floor", key))),
    ratio: pick((key) => each(key, (ours, floor) => ours / floor)),
    added_ms: each("p50_ms", (ours, floor) => ours - floor),
    calls,
  };
}
