/** How often answers are wrong when only the surest share of them is given. */

export interface Judged {
  confidence: number;
  right: boolean;
}

export interface RiskPoint {
  /** Share of the questions that are answered. */
  coverage: number;
  /** Share of those that are wrong. */
  risk: number;
}

/** From the surest on; equally sure ones enter together. */
export function riskCoverage(judged: readonly Judged[]): RiskPoint[] {
  const sorted = judged.toSorted((a, b) => b.confidence - a.confidence);
  let wrong = 0;
  return sorted.flatMap(({ confidence, right }, index) => {
    wrong += Number(!right);
    const last = sorted[index + 1]?.confidence !== confidence;
    return last ? [{ coverage: (index + 1) / sorted.length, risk: wrong / (index + 1) }] : [];
  });
}

/** Area under the curve, by steps; null for nothing. */
export function areaUnderRisk(points: readonly RiskPoint[]): number | null {
  if (points.length === 0) return null;
  return points.reduce((sum, { coverage, risk }, index) => {
    return sum + risk * (coverage - (points[index - 1]?.coverage ?? 0));
  }, 0);
}
