/** Cost against quality: one dot per group or arm, with the 95 % interval of its quality. */
import type { Share } from "../summarize.ts";
import { ACCENT, INK, line, svg, text } from "./svg.ts";

const [LEFT, TOP, WIDTH, HEIGHT] = [60, 40, 420, 220];

export interface CostPoint {
  label: string;
  /** Mean per question. */
  cost: number;
  quality: Share;
}

/** `unit` names the cost. Points without quality are left out. */
export function costChart(unit: string, points: readonly CostPoint[]): string {
  const most = Math.max(Number.MIN_VALUE, ...points.map(({ cost }) => cost)) * 1.1;
  const x = (cost: number) => LEFT + (cost / most) * WIDTH;
  const y = (share: number) => TOP + HEIGHT - share * HEIGHT;
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((tick) => [
    line(LEFT, y(tick), LEFT + WIDTH, y(tick), "#8885", 0.5),
    text(LEFT - 8, y(tick) + 4, `${tick * 100} %`, { anchor: "end", size: 11 }),
    text(x(tick * most), TOP + HEIGHT + 16, short(tick * most), { anchor: "middle", size: 11 }),
  ]);
  const dots = points.flatMap(({ label, cost, quality }) => {
    if (quality.value === null) return [];
    return [
      line(x(cost), y(quality.low), x(cost), y(quality.high), INK, 1),
      `<circle cx="${x(cost).toFixed(1)}" cy="${y(quality.value).toFixed(1)}" r="4" fill="${ACCENT}"/>`,
      text(x(cost) + 7, y(quality.value) + 4, label, { size: 11 }),
    ];
  });
  const title = text(12, 20, `Quality (up) against ${unit} per question (right)`, { weight: 600 });
  return svg(LEFT + WIDTH + 130, TOP + HEIGHT + 30, "Cost against quality", [title, ...grid, ...dots]);
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toPrecision(2);
}
