/** Shares per category as bars with their 95 % intervals. */
import type { Share } from "../summarize.ts";
import { ACCENT, INK, line, rect, SOFT, svg, text } from "./svg.ts";

export interface Bars {
  label: string;
  /** One bar per series, in the order of the legend. */
  shares: readonly Share[];
}

const LEFT = 130;
const WIDTH = 380;
const BAR = 13;
const COLOURS = [ACCENT, SOFT];

export function shareChart(title: string, legend: readonly string[], groups: readonly Bars[]): string {
  const height = BAR * legend.length + 16;
  const parts = groups.flatMap(({ label, shares }, i) => {
    const y = 64 + i * height;
    return [
      text(LEFT - 10, y + (BAR * shares.length) / 2 + 4, label, { anchor: "end" }),
      ...shares.flatMap((share, k) => bar(share, y + k * BAR, COLOURS[k % COLOURS.length] ?? ACCENT)),
    ];
  });
  const bottom = 64 + groups.length * height;
  const axis = [0, 0.25, 0.5, 0.75, 1].flatMap((tick) => [
    line(LEFT + tick * WIDTH, 54, LEFT + tick * WIDTH, bottom - 6, "#8885", 0.5),
    text(LEFT + tick * WIDTH, bottom + 8, `${tick * 100} %`, { anchor: "middle", size: 11 }),
  ]);
  const keys = legend.flatMap((name, k) => [
    rect(LEFT + k * 150, 32, 10, 10, COLOURS[k % COLOURS.length] ?? ACCENT),
    text(LEFT + k * 150 + 16, 41, name),
  ]);
  return svg(LEFT + WIDTH + 90, bottom + 20, title, [
    text(12, 20, title, { weight: 600 }),
    ...axis,
    ...keys,
    ...parts,
  ]);
}

function bar(share: Share, y: number, fill: string): string[] {
  if (share.value === null) return [];
  const middle = y + (BAR - 3) / 2;
  return [
    rect(LEFT, y, share.value * WIDTH, BAR - 3, fill),
    line(LEFT + share.low * WIDTH, middle, LEFT + share.high * WIDTH, middle, INK, 1.5),
    text(LEFT + WIDTH + 8, y + 9, `${share.hits}/${share.total}`, { size: 11 }),
  ];
}
