/** Finds comparisons with an earlier period: not a window of their own but a second column. */

import type { Months } from "../calendar.ts";
import { MONTHS_IN, around, type Unit } from "./periods.ts";

export interface Comparison {
  against: "previous" | "year";
  /** The later of the two periods, where the words name it. */
  window?: Months;
  start: number;
  end: number;
}

const AGAINST =
  "(?:compare[sd]? (?:to|with)|in comparison (?:to|with)|versus|vs\\.?|against|than|relative to|from)\\s+(?:the\\s+)?";
const YEAR_BEFORE = new RegExp(
  `\\b${AGAINST}(?:(?:same (?:period|quarter|month|time) )?(?:of |in )?(?:the )?(?:last|previous|prior) year|a year (?:ago|earlier|before)|year before)\\b`,
  "gi",
);
const PERIOD_BEFORE = new RegExp(
  `\\b${AGAINST}(?:(?:last|previous|prior|preceding) (?:month|quarter|period)|(?:month|quarter|period) before(?: that)?)\\b`,
  "gi",
);

/** "Compared to last year", "versus the quarter before". */
const LAST_TWO = /\b(?:between|over|across) the (?:last|past) two (month|quarter|year)s\b/gi;

/** A step in time from the period of the question before: "the quarter after". */
export interface Shift {
  months: number;
  start: number;
  end: number;
}

const COUNTS = "a one two three four five six".split(" ");
const STEP = new RegExp(
  `\\b(?:the )?(?:(${COUNTS.join("|")}|\\d{1,2}) )?(month|quarter|year)s? (after|later|afterwards|before|earlier|prior)\\b(?: that| this)?`,
  "gi",
);

export function findShifts(question: string): Shift[] {
  return [...question.matchAll(STEP)].map((m) => {
    const count = m[1] === undefined ? 1 : Number(m[1]) || Math.max(COUNTS.indexOf(m[1].toLowerCase()), 1);
    const length = count * MONTHS_IN[unitOf(m[2])];
    const months = /^(?:before|earlier|prior)$/i.test(m[3] ?? "") ? -length : length;
    return { months, start: m.index, end: m.index + m[0].length };
  });
}

function unitOf(word = ""): Unit {
  const lower = word.toLowerCase();
  return lower === "quarter" || lower === "year" ? lower : "month";
}

export function findComparisons(question: string): Comparison[] {
  const find = (pattern: RegExp, against: Comparison["against"]) =>
    [...question.matchAll(pattern)].map((m) => ({ against, start: m.index, end: m.index + m[0].length }));
  const lastTwo = [...question.matchAll(LAST_TWO)].map((m): Comparison => ({
    against: "previous",
    window: around(unitOf(m[1]), 0),
    start: m.index,
    end: m.index + m[0].length,
  }));
  return [...find(YEAR_BEFORE, "year"), ...find(PERIOD_BEFORE, "previous"), ...lastTwo];
}
