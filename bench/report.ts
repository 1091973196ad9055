/** The comparison as a table for people. */
import type { Comparison } from "./rounds.ts";

const HEADER = [
  "load", "", "p50 ms", "p95 ms", "first text ms", "requests/s", "CPU ms/request", "RSS MB", "upstream calls",
]; // prettier-ignore

export function reportTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap(({ load, ours, floor, ratio, added_ms, calls }) => {
    const name = `${load.stream ? "stream" : "json"}, ${load.concurrency} at once`;
    const cells = (m: typeof ours, digits: number) => [
      m.p50_ms.toFixed(digits),
      m.p95_ms.toFixed(digits),
      m.first_text_p50_ms.toFixed(digits),
      m.requests_per_s.toFixed(digits === 1 ? 0 : digits),
      m.cpu_ms.toFixed(digits),
      m.rss_mb.toFixed(digits === 1 ? 0 : digits),
    ];
    return [
      [name, "ours", ...cells(ours, 1), calls.ours.toFixed(1)],
      ["", "floor", ...cells(floor, 1), calls.floor.toFixed(1)],
      ["", `ratio (adds ${added_ms.toFixed(1)} ms)`, ...cells(ratio, 2), ""],
    ];
  });
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(HEADER), line(HEADER.map(() => "---")), ...rows.map(line)].join("\n");
}
