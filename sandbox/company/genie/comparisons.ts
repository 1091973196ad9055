/** Finds comparisons with an earlier period: not a window of their own but a second column. */

export interface Comparison {
  against: "previous" | "year";
  start: number;
  end: number;
}

const AGAINST =
  "(?:compared (?:to|with)|in comparison (?:to|with)|versus|vs\\.?|against|than|relative to|from)\\s+(?:the\\s+)?";
const YEAR_BEFORE = new RegExp(
  `\\b${AGAINST}(?:(?:same (?:period|quarter|month|time) )?(?:of |in )?(?:the )?(?:last|previous|prior) year|a year (?:ago|earlier|before)|year before)\\b`,
  "gi",
);
const PERIOD_BEFORE = new RegExp(
  `\\b${AGAINST}(?:(?:last|previous|prior|preceding) (?:month|quarter|period)|(?:month|quarter|period) before(?: that)?)\\b`,
  "gi",
);

/** "Compared to last year", "versus the quarter before". */
export function findComparisons(question: string): Comparison[] {
  const find = (pattern: RegExp, against: Comparison["against"]) =>
    [...question.matchAll(pattern)].map((m) => ({ against, start: m.index, end: m.index + m[0].length }));
  return [...find(YEAR_BEFORE, "year"), ...find(PERIOD_BEFORE, "previous")];
}
