/** The risk-coverage curve: what share of the answers is wrong if only the surest are given. */
import type { RiskPoint } from "../stats/risk-coverage.ts";
import { ACCENT, line, SOFT, svg, text } from "./svg.ts";

const [LEFT, TOP, WIDTH, HEIGHT] = [60, 56, 420, 200];
const COLOURS = [ACCENT, SOFT];

export interface RiskCurve {
  label: string;
  points: readonly RiskPoint[];
}

export function riskChart(curves: readonly RiskCurve[]): string {
  const most = Math.max(0.02, ...curves.flatMap(({ points }) => points.map(({ risk }) => risk)));
  const top = Math.ceil(most * 20) / 20;
  const x = (coverage: number) => LEFT + coverage * WIDTH;
  const y = (risk: number) => TOP + HEIGHT - (risk / top) * HEIGHT;
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((tick) => [
    line(x(tick), TOP, x(tick), TOP + HEIGHT, "#8885", 0.5),
    text(x(tick), TOP + HEIGHT + 16, `${tick * 100} %`, { anchor: "middle", size: 11 }),
    line(LEFT, y(tick * top), LEFT + WIDTH, y(tick * top), "#8885", 0.5),
    text(LEFT - 8, y(tick * top) + 4, `${(tick * top * 100).toFixed(1)} %`, { anchor: "end", size: 11 }),
  ]);
  const drawn = curves.flatMap(({ label, points }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? ACCENT;
    const path = points
      .map((point) => `${x(point.coverage).toFixed(1)},${y(point.risk).toFixed(1)}`)
      .join(" ");
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      line(LEFT + index * 130, 38, LEFT + index * 130 + 14, 38, colour, 3),
      text(LEFT + index * 130 + 20, 42, label),
    ];
  });
  const title = text(12, 20, "Wrong routes (up) among the surest share of questions (right)", {
    weight: 600,
  });
  return svg(LEFT + WIDTH + 40, TOP + HEIGHT + 30, "Risk-coverage curve", [title, ...grid, ...drawn]);
}
