/** The company's calendar: the data ends on a fixed day, so "last quarter" means the same on every machine. */

/** The data's today: the last day of its last month. */
export const TODAY = "2026-09-30";
/** First days of the first and the last of the 24 months. */
export const FIRST_MONTH = "2024-10-01";
export const LAST_MONTH = "2026-09-01";

/** Whole months, both ends included, as first days of months. */
export interface Months {
  from: string;
  to: string;
  /** The exact days, where they begin or end within a month. */
  days?: Days | undefined;
}

/** Days, both ends included. */
export interface Days {
  from: string;
  to: string;
}

/** The month `count` months after `month` (a first day), as a first day. */
export function addMonths(month: string, count: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count;
  return monthOf(Math.floor(index / 12), (((index % 12) + 12) % 12) + 1);
}

export function monthOf(year: number, month: number): string {
  return `${year}-${String(month).padStart(2, "0")}-01`;
}

/** Months from `from` to `to`, both counted. */
export function monthCount({ from, to }: Months): number {
  const index = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
  return index(to) - index(from) + 1;
}

/** The last day of a month. */
export function lastDay(month: string): string {
  return addDays(addMonths(month, 1), -1);
}

export function addDays(day: string, count: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** The Monday of a day's week. */
export function monday(day: string): string {
  return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

const NAMES = "January February March April May June July August September October November December".split(
  " ",
);

/** "September 2026". */
export function monthName(month: string): string {
  return `${NAMES[Number(month.slice(5, 7)) - 1]} ${month.slice(0, 4)}`;
}
