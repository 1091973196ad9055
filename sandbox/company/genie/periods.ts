/** Periods of the company's calendar: named, shifted, and found from the data's today. */
import { LAST_MONTH, addMonths, monthCount, monthName, monthOf, type Months } from "../calendar.ts";

export type Unit = "month" | "quarter" | "year";
export const MONTHS_IN: Record<Unit, number> = { month: 1, quarter: 3, year: 12 };

export function windowLabel({ from, to }: Months): string {
  if (from === to) return monthName(from);
  const year = from.slice(0, 4);
  const month = Number(from.slice(5, 7));
  if (to === addMonths(from, 2) && month % 3 === 1) return `Q${(month + 2) / 3} ${year}`;
  if (to === addMonths(from, 11) && month === 1) return year;
  return `${monthName(from)} to ${monthName(to)}`;
}

/** The window of the same length just before. */
export function windowBefore(months: Months): Months {
  return shift(months, -monthCount(months));
}

export function shift({ from, to }: Months, count: number): Months {
  return { from: addMonths(from, count), to: addMonths(to, count) };
}

/** The last `count` months. */
export function latest(count: number): Months {
  return { from: addMonths(LAST_MONTH, 1 - count), to: LAST_MONTH };
}

/** The calendar month, quarter or year that lies `offset` of them from the data's today. */
export function around(unit: Unit, offset: number): Months {
  const length = MONTHS_IN[unit];
  const month = Number(LAST_MONTH.slice(5, 7));
  const first = addMonths(LAST_MONTH, -((month - 1) % length) + offset * length);
  const last = addMonths(first, length - 1);
  return { from: first, to: offset === 0 && last > LAST_MONTH ? LAST_MONTH : last };
}

/** A year; the running one ends with the data. */
export function yearOf(year: number): Months {
  const from = monthOf(year, 1);
  const to = monthOf(year, 12);
  return { from, to: from <= LAST_MONTH && to > LAST_MONTH ? LAST_MONTH : to };
}

/** `length` months from the given calendar month; without a year the latest that have begun. */
export function spanFrom(month: number, length: number, year?: string): Months {
  const here = monthOf(Number(LAST_MONTH.slice(0, 4)), month);
  const before = monthOf(Number(LAST_MONTH.slice(0, 4)) - 1, month);
  const from = year === undefined ? (here <= LAST_MONTH ? here : before) : monthOf(Number(year), month);
  return { from, to: addMonths(from, length - 1) };
}
