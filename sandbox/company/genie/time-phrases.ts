/** Finds the time windows in a question: "last quarter", "Q3 2026", "since March", "from 3 May to July 2026". */
import { FIRST_MONTH, LAST_MONTH, TODAY, addDays, addMonths, monday, type Months } from "../calendar.ts";
import { MONTHS_IN, around, daysFrom, daysOf, latest, shift, spanFrom, windowLabel, yearOf, type Unit } from "./periods.ts"; // prettier-ignore

export interface TimeWindow extends Months {
  label: string;
  /** As it stood in the question. */
  start: number;
  end: number;
  /** What a window of several is counted in: "the last four quarters". */
  unit: Unit | null;
  /** "Q4" or "in March": which year is left to the reader. */
  yearless: boolean;
  /** "From March to June": its two ends, for a change between them. */
  ends: Months[];
  /** "A year ago": so many months before whatever the question before was about. */
  ago: number | null;
}

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const SEASONS: Record<string, number> = { spring: 3, summer: 6, autumn: 9, winter: 12 };
const NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split(" ");
const NUMBER = `(?:\\d{1,3}|${NUMBERS.join("|")}|a)`;
const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const YEAR = "(?:,?\\s+(?:of\\s+|in\\s+)?(?:20\\d\\d|(?:last|this) year))?";
const DAY = `(?:the\\s+)?(?:\\d{1,2}(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH}|${MONTH}\\s+\\d{1,2}(?:st|nd|rd|th)?(?!\\d))${YEAR}|20\\d\\d-\\d\\d-\\d\\d`;
const SPAN = `(?:q[1-4]|h[12]|${MONTH}|(?:the\\s+|last\\s+)?(?:${Object.keys(SEASONS).join("|")}))${YEAR}`;
const POINT = `(?:${DAY}|${SPAN}|20\\d\\d-\\d\\d|20\\d\\d|today|now|yesterday)`;
const WITHIN = "(?:over |in |during |for |within )?(?:the\\s+)?";
const ORDINALS = ["first", "second", "third", "fourth"];

interface Rule {
  pattern: RegExp;
  months(match: string[]): (Months & { ends?: Months[]; ago?: number }) | null;
}

const rules: readonly Rule[] = [
  {
    pattern: new RegExp(`(?:from|between)\\s+(${POINT})\\s+(?:to|and|until|till|through)\\s+(?:the\\s+end\\s+of\\s+)?(${POINT})`),
    months: ([, from = "", to = ""]) => {
      const end = point(to);
      const start = /^(?:now|today)/.test(from) ? { from: addMonths(LAST_MONTH, 1), to: addMonths(LAST_MONTH, 1) } : end && point(from, Number(end.from.slice(0, 4)));
      if (!start || !end) return null;
      const coming = end.to < start.from ? shift(end, 12) : end;
      return { ...daysFrom(daysOf(start).from, daysOf(coming).to), ends: [start, coming] };
    },
  },
  {
    pattern: new RegExp(`(?:from|between)\\s+(?:the\\s+)?(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:to|and|until|till|through)\\s+(${DAY})`),
    months: ([, day = "", text = ""]) => {
      const end = point(text)?.days?.from;
      return end === undefined ? null : daysFrom(`${end.slice(0, 8)}${day.padStart(2, "0")}`, end);
    },
  },
  { pattern: /(?:since|from)\s+the\s+(?:beginning|start)\s+of\s+(?:the|this)\s+(month|quarter|year)/, months: ([, unit]) => around(asUnit(unit), 0) },
  { pattern: /(?:before|by|until|till)\s+(?:the\s+)?(?:end\s+of\s+(?:the|this)\s+year|year[\s-]+end)/, months: () => ({ from: addMonths(LAST_MONTH, 1), to: `${TODAY.slice(0, 4)}-12-01` }) },
  {
    pattern: new RegExp(`(?:since|from|starting|after)\\s+(?:the\\s+(?:beginning|start)\\s+of\\s+)?(${POINT})(?:\\s+on(?:wards?)?)?`),
    months: ([, from = ""]) => {
      const start = point(from);
      return start && daysFrom(daysOf(start).from, TODAY);
    },
  },
  {
    pattern: new RegExp(`(?:until|till|up to|before)\\s+(${POINT})`),
    months: ([all = "", to = ""]) => {
      const end = point(to);
      return end && daysFrom(BEGINNING, all.startsWith("before") ? addDays(daysOf(end).from, -1) : daysOf(end).to);
    },
  },
  {
    pattern: /(?:the\s+)?(?:same|this|that)\s+(month|quarter|period)\s+(?:of\s+)?(?:last|a|one|the previous)\s+year(?:\s+(?:ago|before))?/,
    months: ([, unit]) => shift(around(unit === "month" ? "month" : "quarter", 0), -12),
  },
  {
    pattern: new RegExp(`${WITHIN}(?:last|past|previous|trailing|latest|recent)\\s+(${NUMBER})\\s+(day|week|month|quarter|year)s?`),
    months: ([, count = "", unit = ""]) => trailing(number(count), unit),
  },
  { pattern: new RegExp(`${WITHIN}(?:last|past)\\s+half(?:\\s+a)?[\\s-]+year`), months: () => latest(6) },
  { pattern: /(?:over |in |during |for |within )?(?:this|the)\s+past\s+year|(?:over|in|during|for) past year/, months: () => latest(12) },
  { pattern: new RegExp(`(${NUMBER})\\s+(month|quarter|year)s?\\s+ago`), months: ([, count = "", unit]) => ({ ...around(asUnit(unit), -number(count)), ago: number(count) * MONTHS_IN[asUnit(unit)] }) },
  { pattern: /(?:(?:this )?year to date|ytd|so far this year|this year so far|since (?:the )?new year)/, months: () => around("year", 0) },
  { pattern: /(?:all time|ever|the whole period|entire history|in total over time|over the last 24 months)/, months: () => ({ from: FIRST_MONTH, to: LAST_MONTH }) },
  { pattern: new RegExp(`(?:in\\s+)?(?:the\\s+)?week\\s+(?:of|starting|beginning|from)\\s+(?:on\\s+)?(?:monday,?\\s+)?(${DAY})`), months: ([, text = ""]) => {
      const day = point(text)?.days?.from;
      return day === undefined ? null : daysFrom(monday(day), addDays(monday(day), 6));
    } },
  { pattern: /(?:the\s+)?(this|current|last|past|previous)\s+week/, months: ([, which = ""]) => {
      const start = addDays(monday(TODAY), /this|current/.test(which) ? 0 : -7);
      return daysFrom(start, start < monday(TODAY) ? addDays(start, 6) : TODAY);
    } },
  { pattern: /(?:the\s+)?(first|second)\s+half\s+of\s+(?:the|this|last)\s+year|(?:the\s+)?(first|second)\s+half(?:\s+of)?(?:\s+(20\d\d))?/,
    months: ([all = "", one, other, year]) => spanFrom((one ?? other) === "second" ? 7 : 1, 6, all.includes("last") ? LAST_YEAR : year) },
  { pattern: new RegExp(`(?:the\\s+)?(first|second|third|fourth|last)\\s+quarter\\s+(?:of\\s+|in\\s+)(this year|last year|20\\d\\d)|(?:the\\s+)?(first|second|third|fourth)\\s+quarter(?:\\s+(20\\d\\d))?`),
    months: ([, one, when, other, year]) => {
      const index = one === "last" ? 3 : ORDINALS.indexOf(one ?? other ?? "");
      return spanFrom(index * 3 + 1, 3, yearIn(when ?? year ?? ""));
    } },
  { pattern: new RegExp(`(?:at |as of )?(?:the )?(?:beginning|start) of (${POINT})`), months: ([, text = ""]) => {
      const span = point(text);
      return span && { from: span.from, to: span.from };
    } },
  { pattern: new RegExp(`(?:(?:as of|at the end of|end of|by the end of|on)\\s+)?(${POINT})\\b`), months: ([, text = ""]) => (/^(?:now|today)/.test(text) ? null : point(text)) },
  { pattern: /(?:the\s+)?(this|current|last|past|previous|prior|preceding|next|coming|upcoming|following)\s+(month|quarter|year)/,
    months: ([, which = "", unit]) => around(asUnit(unit), /this|current/.test(which) ? 0 : /next|coming|following/.test(which) ? 1 : -1) },
  { pattern: new RegExp(`${WITHIN}(?:next|coming|following)\\s+(${NUMBER})\\s+(day|week|month|quarter)s?`), months: ([, count = "", unit = ""]) =>
      unit in DAYS_IN ? daysFrom(addDays(TODAY, 1), addDays(TODAY, number(count) * (DAYS_IN[unit] ?? 1)))
        : { from: addMonths(LAST_MONTH, 1), to: addMonths(LAST_MONTH, number(count) * MONTHS_IN[asUnit(unit)]) } },
]; // prettier-ignore

/** Before this day nothing is known; customers have signed up since 2021. */
const BEGINNING = "2021-01-01";
const LAST_YEAR = String(Number(TODAY.slice(0, 4)) - 1);
const DAYS_IN: Record<string, number> = { day: 1, week: 7 };

/** The windows in order of appearance; a stretch of text counts once, for the first rule that fits. */
export function findTimeWindows(question: string): TimeWindow[] {
  // "may" in small letters is a verb but for "in may" and "may 2026".
  let text = question
    .replace(/(?<!\b(?:in|since|until|of|from|between)\s)\bmay\b(?!\s+20\d\d)/g, "___")
    .toLowerCase();
  const found: TimeWindow[] = [];
  for (const rule of rules) {
    const pattern = new RegExp(`\\b(?:${rule.pattern.source})\\b`, "g");
    for (const match of text.matchAll(pattern)) {
      const months = rule.months(match);
      if (!months) continue;
      const [start, end] = [match.index, match.index + match[0].length];
      const yearless = !/20\d\d|last|past|previous|ago|next|since|until|now|today/.test(match[0]);
      found.push({ ends: [], ago: null, ...months, label: windowLabel(months), start, end, unit: countedIn(match[0]), yearless }); // prettier-ignore
      text = text.slice(0, start) + " ".repeat(end - start) + text.slice(end);
    }
  }
  return found.toSorted((a, b) => a.start - b.start);
}

function countedIn(text: string): Unit | null {
  const unit = /\b(month|quarter|year)s\b/.exec(text)?.[1];
  return unit === undefined ? null : asUnit(unit);
}

/** A day, month, season, quarter, half or year as written. */
function point(text: string, year?: number): Months | null {
  if (text === "yesterday") return daysFrom(addDays(TODAY, -1), addDays(TODAY, -1));
  if (/^(?:now|today)$/.test(text)) return { from: LAST_MONTH, to: LAST_MONTH };
  const written = yearIn(text) ?? (year === undefined ? undefined : String(year));
  const [, quarter, half] = /^(?:q([1-4])|h([12]))/.exec(text) ?? [];
  if (quarter) return spanFrom(Number(quarter) * 3 - 2, 3, written);
  if (half) return spanFrom(Number(half) * 6 - 5, 6, written);
  const iso = /^20\d\d-(\d\d)(?:-(\d\d))?$/.exec(text);
  if (/^20\d\d$/.test(text)) return yearOf(Number(text));
  const named = new RegExp(`\\b(${MONTHS.join("|")})`).exec(text)?.[1];
  const month = iso ? Number(iso[1]) : named === undefined ? 0 : MONTHS.indexOf(named) + 1;
  const season = /spring|summer|autumn|winter/.exec(text)?.[0];
  if (season !== undefined) {
    const span = spanFrom(SEASONS[season] ?? 1, 3, written);
    return text.startsWith("last") && span.to > LAST_MONTH ? shift(span, -12) : span;
  }
  if (month === 0) return null;
  const span = spanFrom(month, 1, written);
  const day = iso?.[2] ?? /(?<!\d)\d{1,2}(?!\d)/.exec(text)?.[0];
  if (day === undefined) return span;
  const date = `${span.from.slice(0, 8)}${day.padStart(2, "0")}`;
  return date > daysOf(span).to || day === "0" ? null : { ...span, days: { from: date, to: date } };
}

function yearIn(text: string): string | undefined {
  if (text.includes("last year")) return LAST_YEAR;
  return text.includes("this year") ? TODAY.slice(0, 4) : /20\d\d/.exec(text)?.[0];
}

function trailing(count: number, unit: string): Months | null {
  const days = DAYS_IN[unit];
  if (count === 0) return null;
  return days === undefined
    ? latest(count * MONTHS_IN[asUnit(unit)])
    : daysFrom(addDays(TODAY, 1 - count * days), TODAY);
}

function number(text: string): number {
  if (text === "a") return 1;
  return /^\d+$/.test(text) ? Number(text) : NUMBERS.indexOf(text) + 1;
}

function asUnit(text: string | undefined): Unit {
  return text === "quarter" || text === "year" ? text : "month";
}
