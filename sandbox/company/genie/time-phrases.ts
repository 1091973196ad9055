/** Finds the time windows in a question: "last quarter", "Q3 2026", "since March", "from May to July 2026". */
import { FIRST_MONTH, LAST_MONTH, addMonths, type Months } from "../calendar.ts";
import { MONTHS_IN, around, latest, shift, spanFrom, windowLabel, yearOf, type Unit } from "./periods.ts";

export interface TimeWindow extends Months {
  label: string;
  /** As it stood in the question. */
  start: number;
  end: number;
  /** What a window of several is counted in: "the last four quarters". */
  unit: Unit | null;
  /** "Q4" or "in March": which year is left to the reader. */
  yearless: boolean;
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split(" ");
const NUMBER = `(?:\\d{1,2}|${NUMBERS.join("|")})`;
const POINT = `(?:q[1-4](?:\\s+(?:of\\s+)?20\\d\\d)?|${MONTH}(?:\\s+(?:of\\s+)?20\\d\\d)?|20\\d\\d-\\d\\d|20\\d\\d)`;
const ORDINALS = ["first", "second", "third", "fourth"];

interface Rule {
  pattern: RegExp;
  months(match: string[]): Months | null;
}

const rules: readonly Rule[] = [
  {
    pattern: new RegExp(`(?:from|between)\\s+(${POINT})\\s+(?:to|and|until|till|through)\\s+(${POINT})`),
    months: ([, from = "", to = ""]) => {
      const end = point(to);
      const start = end && point(from, Number(end.from.slice(0, 4)));
      return start && end && { from: start.from, to: end.to };
    },
  },
  {
    pattern: new RegExp(`(?:since|from|starting|after)\\s+(?:the\\s+(?:beginning|start)\\s+of\\s+)?(${POINT})(?:\\s+on(?:wards?)?)?`),
    months: ([, from = ""]) => {
      const start = point(from);
      return start && { from: start.from, to: LAST_MONTH };
    },
  },
  {
    pattern: new RegExp(`(?:until|till|up to|before)\\s+(${POINT})`),
    months: ([all = "", to = ""]) => {
      const end = point(to);
      return end && { from: FIRST_MONTH, to: all.startsWith("before") ? addMonths(end.from, -1) : end.to };
    },
  },
  {
    pattern: /(?:the\s+)?(?:same|this|that)\s+(month|quarter|period)\s+(?:of\s+)?(?:last|a|one|the previous)\s+year(?:\s+(?:ago|before))?/,
    months: ([, unit]) => shift(around(unit === "month" ? "month" : "quarter", 0), -12),
  },
  {
    pattern: new RegExp(`(?:over |in |during |for |within )?(?:the\\s+)?(?:last|past|previous|trailing|latest|recent)\\s+(${NUMBER})\\s+(day|week|month|quarter|year)s?`),
    months: ([, count = "", unit = ""]) => trailing(number(count) * (unit === "week" ? 7 : 1), unit),
  },
  { pattern: /(?:over |in |during |for |within )?(?:the\s+)?(?:last|past)\s+half(?:\s+a)?[\s-]+year/, months: () => latest(6) },
  { pattern: /(?:over |in |during |for |within )?(?:this|the)\s+past\s+year|(?:over|in|during|for) past year/, months: () => latest(12) },
  {
    pattern: new RegExp(`(?:from|between)\\s+(?:now|today)\\s+(?:to|and|until|till)\\s+(?:the\\s+)?(?:end\\s+of\\s+)?(${POINT})`),
    months: ([, to = ""]) => {
      const end = point(to);
      const last = end && end.to <= LAST_MONTH ? shift(end, 12).to : end?.to;
      return last === undefined ? null : { from: addMonths(LAST_MONTH, 1), to: last };
    },
  },
  { pattern: /(?:the\s+)?(?:last|past)\s+(30|60|90|180|365)\s+days/, months: ([, days]) => trailing(Number(days), "day") },
  { pattern: new RegExp(`(${NUMBER})\\s+(month|quarter|year)s?\\s+ago`), months: ([, count = "", unit]) => around(asUnit(unit), -number(count)) },
  { pattern: /a\s+(month|quarter|year)\s+ago/, months: ([, unit]) => around(asUnit(unit), -1) },
  { pattern: /(?:year to date|ytd|so far this year|this year so far)/, months: () => around("year", 0) },
  { pattern: /(?:all time|ever|the whole period|entire history|in total over time|over the last 24 months)/, months: () => ({ from: FIRST_MONTH, to: LAST_MONTH }) },
  { pattern: /(?:the\s+)?(this|current|last|past|previous|prior|preceding|next|coming|upcoming)\s+(month|quarter|year)/,
    months: ([, which = "", unit]) => around(asUnit(unit), /this|current/.test(which) ? 0 : /next|coming/.test(which) ? 1 : -1) },
  { pattern: /(?:the\s+)?next\s+(\w+)\s+months?/, months: ([, count = ""]) => {
      const length = number(count);
      return length > 0 ? { from: addMonths(LAST_MONTH, 1), to: addMonths(LAST_MONTH, length) } : null;
    } },
  { pattern: /(?:the\s+)?(first|second|third|fourth)\s+quarter(?:\s+(?:of\s+|in\s+)?(20\d\d))?/,
    months: ([, which = "", year]) => spanFrom(ORDINALS.indexOf(which) * 3 + 1, 3, year) },
  { pattern: /(?:the\s+)?(first|second)\s+half(?:\s+of)?(?:\s+(20\d\d))?|h([12])(?:\s+(?:of\s+)?(20\d\d))?/,
    months: ([, which, year, digit, other]) => spanFrom(which === "second" || digit === "2" ? 7 : 1, 6, year ?? other) },
  {
    pattern: new RegExp(`(?:at |as of )?(?:the )?(?:beginning|start) of (${POINT})`),
    months: ([, text = ""]) => {
      const span = point(text);
      return span && { from: span.from, to: span.from };
    },
  },
  { pattern: new RegExp(`(?:(?:as of|at the end of|end of|by the end of)\\s+)?(${POINT})\\b`), months: ([, text = ""]) => point(text) },
  
]; // prettier-ignore

/** The windows in order of appearance; a stretch of text counts once, for the first rule that fits. */
export function findTimeWindows(question: string): TimeWindow[] {
  // "may" in small letters is a verb here.
  let text = question.replace(/\bmay\b/g, "___").toLowerCase();
  const found: TimeWindow[] = [];
  for (const rule of rules) {
    const pattern = new RegExp(`\\b(?:${rule.pattern.source})\\b`, "g");
    for (const match of text.matchAll(pattern)) {
      const months = rule.months(match);
      if (!months) continue;
      const [start, end] = [match.index, match.index + match[0].length];
      const yearless = !/20\d\d|last|past|previous|ago|next|since|until|now|today/.test(match[0]);
      found.push({ ...months, label: windowLabel(months), start, end, unit: countedIn(match[0]), yearless });
      text = text.slice(0, start) + " ".repeat(end - start) + text.slice(end);
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}

function countedIn(text: string): Unit | null {
  const unit = /\b(month|quarter|year)s\b/.exec(text)?.[1];
  return unit === undefined ? null : asUnit(unit);
}

/** A quarter, month or year as written. */
function point(text: string, year?: number): Months | null {
  const written = /20\d\d/.exec(text)?.[0] ?? (year === undefined ? undefined : String(year));
  const quarter = /^q([1-4])/.exec(text)?.[1];
  if (quarter) return spanFrom(Number(quarter) * 3 - 2, 3, written);
  const iso = /^20\d\d-(\d\d)$/.exec(text)?.[1];
  if (iso) return spanFrom(Number(iso), 1, written);
  if (/^20\d\d$/.test(text)) return yearOf(Number(text));
  const index = MONTHS.indexOf(text.slice(0, 3));
  return index < 0 ? null : spanFrom(index + 1, 1, written);
}

function trailing(count: number, unit: string): Months | null {
  const months = unit === "day" || unit === "week" ? Math.round(count / 30) : count * MONTHS_IN[asUnit(unit)];
  return months > 0 ? latest(months) : null;
}

function number(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : NUMBERS.indexOf(text) + 1;
}

function asUnit(text: string | undefined): Unit {
  return text === "quarter" || text === "year" ? text : "month";
}
