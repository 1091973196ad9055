/** Whether one way of answering is better than another, cheaper at no loss, or neither was shown. */
import { pairedBootstrap, type Difference } from "../stats/paired-bootstrap.ts";

export interface Measured {
  id: string;
  cluster: string;
  shape: string;
  /** 1 for a good answer, else 0. */
  quality: number;
  /** 1 where no backend answered that has no part in the question, else 0. */
  clean: number;
  /** Calls of backends. */
  calls: number;
  /** Of our own models. */
  tokens: number;
  /** Null where something has no price. */
  usd: number | null;
  latency_ms: number;
}

/** What answers are paid in: the first of these that both sides know and at least one spends. */
export type CostUnit = "usd" | "tokens" | "calls";

export interface Verdict {
  shape: string;
  cases: number;
  /** Shares of good answers. */
  quality: { ours: number; theirs: number; difference: Difference };
  /** Means per question. */
  cost: { unit: CostUnit; ours: number; theirs: number; difference: Difference };
  /** A true difference in quality of this size would be seen four times out of five. */
  detectable: number;
  verdict: "better" | "cheaper at no loss" | "worse" | "not shown";
}

/** A loss of quality below this counts as none. */
export const MARGIN = 0.05;
const DETECTABLE = (1.96 + 0.84) / (2 * 1.96);

/** Ours against theirs, over the cases of each shape that both answered. */
export function verdicts(ours: readonly Measured[], theirs: readonly Measured[]): Verdict[] {
  const other = new Map(theirs.map((measured) => [measured.id, measured]));
  const shapes = [...new Set(ours.map(({ shape }) => shape))];
  return shapes.flatMap((shape) => {
    const pairs = ours
      .filter((measured) => measured.shape === shape)
      .flatMap((measured) => {
        const match = other.get(measured.id);
        return match === undefined ? [] : [{ ours: measured, theirs: match }];
      });
    return pairs.length === 0 ? [] : [verdictOf(shape, pairs)];
  });
}

function verdictOf(shape: string, pairs: readonly { ours: Measured; theirs: Measured }[]): Verdict {
  const compared = (of: (measured: Measured) => number) => ({
    ours: mean(pairs.map((pair) => of(pair.ours))),
    theirs: mean(pairs.map((pair) => of(pair.theirs))),
    difference: pairedBootstrap(
      pairs.map((pair) => ({ cluster: pair.ours.cluster, before: of(pair.theirs), after: of(pair.ours) })),
    ),
  });
  const quality = compared((measured) => measured.quality);
  const unit = unitOf(pairs.flatMap((pair) => [pair.ours, pair.theirs]));
  const cost = { unit, ...compared((measured) => measured[unit] ?? 0) };
  const { low, high } = quality.difference;
  // Where nothing differed, the rule of three bounds what may have gone unseen.
  const detectable = Math.max((high - low) * DETECTABLE, 3 / pairs.length);
  return {
    shape,
    cases: pairs.length,
    quality,
    cost,
    detectable,
    verdict: judge(quality.difference, cost.difference, pairs.length),
  };
}

function unitOf(all: readonly Measured[]): CostUnit {
  if (all.every(({ usd }) => usd !== null) && all.some(({ usd }) => usd !== null && usd > 0)) return "usd";
  return all.some(({ tokens }) => tokens > 0) ? "tokens" : "calls";
}

function judge(quality: Difference, cost: Difference, cases: number): Verdict["verdict"] {
  if (quality.low > 0) return "better";
  if (quality.high < 0) return "worse";
  const noLoss = Math.min(quality.low, -3 / cases) > -MARGIN;
  return noLoss && cost.high < 0 ? "cheaper at no loss" : "not shown";
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
