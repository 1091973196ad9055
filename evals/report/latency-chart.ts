/** Latency per category: the range from p50 to p95, and every case as a dot. */
import { quantile } from "../stats/quantile.ts";
import { ACCENT, INK, line, rect, SOFT, svg, text } from "./svg.ts";

const LEFT = 130;
const WIDTH = 420;
const ROW = 34;

export interface LatencyGroup {
  label: string;
  /** Milliseconds. */
  values: readonly number[];
}

/** The axis is logarithmic, from 1 ms to the next power of ten above the slowest case. */
export function latencyChart(groups: readonly LatencyGroup[]): string {
  const slowest = Math.max(10, ...groups.flatMap(({ values }) => values));
  const decades = Math.ceil(Math.log10(slowest));
  const x = (ms: number) => LEFT + (Math.log10(Math.max(1, ms)) / decades) * WIDTH;
  const bottom = 44 + groups.length * ROW;
  const axis = Array.from({ length: decades + 1 }, (_, d) => [
    line(x(10 ** d), 38, x(10 ** d), bottom, "#8885", 0.5),
    text(x(10 ** d), bottom + 16, 10 ** d >= 1_000 ? `${10 ** (d - 3)} s` : `${10 ** d} ms`, {
      anchor: "middle",
      size: 11,
    }),
  ]).flat();
  const rows = groups.flatMap(({ label, values }, i) => {
    const y = 44 + i * ROW + ROW / 2;
    const [p50, p95] = [quantile(values, 0.5), quantile(values, 0.95)];
    if (values.length === 0) return [];
    return [
      text(LEFT - 10, y + 4, label, { anchor: "end" }),
      ...values.map(
        (ms) => `<circle cx="${x(ms).toFixed(1)}" cy="${y}" r="2.5" fill="${INK}" fill-opacity="0.25"/>`,
      ),
      rect(x(p50), y - 5, Math.max(2, x(p95) - x(p50)), 10, SOFT, 0.6),
      line(x(p50), y - 8, x(p50), y + 8, ACCENT, 2),
      text(LEFT + WIDTH + 10, y + 4, `${Math.round(p50)} / ${Math.round(p95)} ms`, { size: 11 }),
    ];
  });
  const title = text(12, 20, "Latency per case, p50 / p95", { weight: 600 });
  return svg(LEFT + WIDTH + 120, bottom + 26, "Latency by category", [title, ...axis, ...rows]);
}
