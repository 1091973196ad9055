/** The confusion matrix as a picture: rows are what was expected, columns where the question went. */
import { ACCENT, INK, rect, svg, text } from "./svg.ts";

const CELL = 46;
const LEFT = 150;
const TOP = 130;

export function confusionChart(labels: readonly string[], counts: readonly (readonly number[])[]): string {
  const side = labels.length * CELL;
  const parts = labels.flatMap((label, row) => [
    text(LEFT - 10, TOP + row * CELL + CELL / 2 + 4, label, { anchor: "end" }),
    text(LEFT + row * CELL + CELL / 2 + 4, TOP - 10, label, { rotate: -50 }),
    ...labels.map((_, column) => cell(row, column, counts[row]?.[column] ?? 0, rowSum(counts[row]))),
  ]);
  const title = text(12, 20, "Expected (rows) and actual (columns)", { weight: 600 });
  return svg(LEFT + side + 80, TOP + side + 12, "Routing confusion matrix", [title, ...parts]);
}

function cell(row: number, column: number, count: number, sum: number): string {
  const [x, y] = [LEFT + column * CELL, TOP + row * CELL];
  const share = sum === 0 ? 0 : count / sum;
  const fill = row === column ? ACCENT : "#c2483d";
  const box = rect(
    x + 1,
    y + 1,
    CELL - 2,
    CELL - 2,
    count === 0 ? INK : fill,
    count === 0 ? 0.07 : 0.2 + 0.8 * share,
  );
  if (count === 0) return box;
  return `${box}${text(x + CELL / 2, y + CELL / 2 + 4, String(count), { anchor: "middle", fill: share > 0.35 ? "#ffffff" : INK, weight: 600 })}`;
}

function rowSum(row: readonly number[] | undefined): number {
  return (row ?? []).reduce((sum, count) => sum + count, 0);
}
